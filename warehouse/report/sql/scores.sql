-- One row per KPI, video (or 'all') and period, where it is an indicator of its objective
-- or has a target of its own.
select
    objective,
    kpi,
    video_key,
    period = 'previous_90_days' as is_previous,
    period_start_date as start,
    period_end_date as end,
    numerator,
    denominator,
    cast(value as double) as value,
    cast(target as double) as target,
    is_attained,
    is_indicator,
    cast(lower_bound as double) as lower,
    cast(upper_bound as double) as upper
from published.objective_scorecard
where is_indicator or target is not null
order by objective, kpi, is_previous, video_key
