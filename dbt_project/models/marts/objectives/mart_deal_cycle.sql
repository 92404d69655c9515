-- One row per cycle KPI, as of the clock: the plain median of won deals, and the survival
-- median over all deals with open ones censored (Kaplan and Meier 1958). Deals won before
-- their first contact are left out of both; they are flagged in fct_deals.
with

deals as (

    select
        case when is_won then cycle_days end as won_days,
        greatest(cycle_days, 0) as days,
        is_won as is_event
    from {{ ref('fct_deals') }}
    where not coalesce(is_negative_velocity, false) and cycle_days is not null
    -- a lost deal will never be won: it leaves the risk set on the day it was lost

),

descriptive as (

    select
        cast(median(won_days) as double) as days,
        count(won_days) as n
    from deals

),

steps as (

    select
        days,
        count(*) filter (where is_event) as events,
        count(*) as leaving
    from deals
    group by days

),

at_risk as (

    select
        days,
        events,
        sum(leaving) over (order by days rows between current row and unbounded following)
            as at_risk
    from steps

),

survival as (

    select
        days,
        exp(
            sum(case when events < at_risk then ln(1 - events * 1.0 / at_risk) else -1e9 end)
                over (order by days rows unbounded preceding)
        ) as still_open
    from at_risk

)

select
    'median_days_to_close_won' as kpi,
    descriptive.days as value_days,
    descriptive.n
from descriptive
union all
select
    'median_cycle_days' as kpi,
    cast(min(survival.days) as double) as value_days,  -- null where the curve stays above half
    (select count(*) from deals) as n
from survival
where survival.still_open <= 0.5
