-- One row per KPI, video (or 'all') and period: the company's indicators, what each video
-- adds to them, and what a video is judged by itself.
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
where is_indicator
    or target is not null
    or kpi in (
        select kpi from published.objective_scorecard
        where is_indicator and video_key = 'all'
    )
order by objective, kpi, is_previous, video_key
