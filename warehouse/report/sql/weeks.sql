-- One row per indicator and week of the whole company.
select
    kpi,
    week_start_date as week_start,
    cast(value as double) as value
from published.kpi_weekly
where video_key = 'all'
    and kpi in (
        select kpi from published.objective_scorecard
        where is_indicator and video_key = 'all'
    )
order by kpi, week_start
