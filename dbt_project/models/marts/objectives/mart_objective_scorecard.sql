-- One row per KPI, video ('all' is the company) and period of 90 days: sums first, division
-- last, target beside, and the 95 % Wilson interval where the KPI is a share of a count.
with

clock as (

    select * from {{ source('meta', 'clock') }}

),

periods as (

    select
        'last_90_days' as period,
        as_of - 89 as period_start_date,
        as_of as period_end_date
    from clock
    union all
    select
        'previous_90_days' as period,
        as_of - 179 as period_start_date,
        as_of - 90 as period_end_date
    from clock

),

daily as (

    select * from {{ ref('fct_kpi_daily') }}

),

kpis as (

    select * from {{ ref('dim_kpis') }}

),

grouped as (

    select
        kpi,
        video_key,
        kpi_date,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from daily
    group by kpi, video_key, kpi_date
    union all
    select
        kpi,
        'all' as video_key,
        kpi_date,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from daily
    where video_key <> 'all'
    group by kpi, kpi_date

),

summed as (

    select
        grouped.kpi,
        grouped.video_key,
        periods.period,
        periods.period_start_date,
        periods.period_end_date,
        sum(grouped.numerator) as numerator,
        sum(grouped.denominator) as denominator
    from grouped
    inner join periods
        on
            grouped.kpi_date >= periods.period_start_date
            and grouped.kpi_date <= periods.period_end_date
    group by
        grouped.kpi,
        grouped.video_key,
        periods.period,
        periods.period_start_date,
        periods.period_end_date
    union all
    select
        cycle.kpi,
        'all' as video_key,
        'last_90_days' as period,
        periods.period_start_date,
        periods.period_end_date,
        cycle.value_days as numerator,
        cast(cycle.n as double) as denominator
    from {{ ref('mart_deal_cycle') }} as cycle
    inner join periods
        on periods.period = 'last_90_days'
    where cycle.value_days is not null

),

ranked_targets as (

    select
        case when video_id is null then 'all' else {{ key(["'video'", 'video_id']) }} end
            as video_key,
        kpi,
        target_value,
        row_number() over (
            partition by video_id, kpi order by period_start_date desc, line_number desc
        ) as newest
    from {{ ref('stg_catalogue__targets') }}
    where period_start_date is null or period_start_date <= (select as_of from clock)

),

targets as (

    select
        video_key,
        kpi,
        target_value as target
    from ranked_targets
    where newest = 1

),

declared as (

    -- what the team declared for a video before it came out decides what it is judged by
    select
        {{ key(["'video'", 'video_id']) }} as video_key,
        indicator,
        second_indicator
    from {{ ref('stg_catalogue__objectives') }}

),

indicators as (

    select
        video_key,
        indicator as kpi
    from declared
    union
    select
        video_key,
        second_indicator as kpi
    from declared
    union
    select
        videos.video_key,
        objectives.indicator as kpi
    from {{ ref('dim_videos') }} as videos
    inner join {{ ref('business_objectives') }} as objectives
        on videos.objective = objectives.objective
    where videos.video_key not in (select video_key from declared)
    union
    select
        'all' as video_key,
        indicator as kpi
    from {{ ref('business_objectives') }}
    union
    select
        'all' as video_key,
        second_indicator as kpi
    from {{ ref('business_objectives') }}

),

valued as (

    select
        kpis.objective,
        summed.kpi,
        summed.video_key,
        summed.period,
        summed.period_start_date,
        summed.period_end_date,
        summed.numerator,
        summed.denominator,
        case
            when kpis.kind = 'ratio' then {{ ratio('summed.numerator', 'summed.denominator') }}
            else summed.numerator
        end as value,
        targets.target,
        kpis.good,
        kpis.has_interval
    from summed
    inner join kpis
        on summed.kpi = kpis.kpi
    left join targets
        on summed.kpi = targets.kpi and summed.video_key = targets.video_key

)

select
    valued.objective,
    valued.kpi,
    valued.video_key,
    valued.period,
    valued.period_start_date,
    valued.period_end_date,
    valued.numerator,
    valued.denominator,
    valued.value,
    valued.target,
    case
        when valued.target is null or valued.value is null then null
        when valued.good = 'up' then valued.value >= valued.target
        else valued.value <= valued.target
    end as is_attained,
    indicators.kpi is not null as is_indicator,
    case when valued.has_interval then {{ wilson('valued.numerator', 'valued.denominator', '-') }} end
        as lower_bound,
    case when valued.has_interval then {{ wilson('valued.numerator', 'valued.denominator', '+') }} end
        as upper_bound
from valued
left join indicators
    on valued.kpi = indicators.kpi and valued.video_key = indicators.video_key
