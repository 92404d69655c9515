-- One row per KPI and week (Monday), of the whole company, the last 13 full or current weeks.
with

daily as (

    select * from {{ ref('fct_kpi_daily') }}

),

kpis as (

    select * from {{ ref('dim_kpis') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    daily.kpi,
    daily.objective,
    'all' as video_key,
    cast(date_trunc('week', daily.kpi_date) as date) as week_start_date,
    sum(daily.numerator) as numerator,
    sum(daily.denominator) as denominator,
    case
        when max(kpis.kind) = 'amount' then sum(daily.numerator)
        else {{ ratio('sum(daily.numerator)', 'sum(daily.denominator)') }}
    end as value
from daily
inner join kpis
    on daily.kpi = kpis.kpi
cross join clock
where
    daily.kpi_date <= clock.as_of
    and daily.kpi_date >= date_trunc('week', clock.as_of) - to_days(7 * 12)
group by daily.kpi, daily.objective, date_trunc('week', daily.kpi_date)
