-- One row per platform that redefined a view inside the period: some of its placements were
-- counted in more than one way. Kinds of posts that differ from the start are no such thing.
with

placements as (

    select
        platform,
        placement_key,
        count(distinct views_definition) as definitions
    from published.video_performance_daily
    where performance_date between $start and $end
    group by platform, placement_key

)

select
    platform,
    max(definitions) as definitions
from placements
group by platform
having max(definitions) > 1
order by platform
