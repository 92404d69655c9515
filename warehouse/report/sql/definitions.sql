-- One row per platform that counted views in more than one way inside the period.
select
    platform,
    count(distinct views_definition) as definitions
from published.video_performance_daily
where performance_date between $start and $end
group by platform
having count(distinct views_definition) > 1
order by platform
