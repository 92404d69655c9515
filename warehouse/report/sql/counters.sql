-- One row: lifetime counters of platform videos, and what fell or was not read in the
-- period. `gained` of all days is signed: what a platform takes back counts. Where views mean
-- several things, neither it nor what was taken back is a number to tell.
select
    count(distinct platform_video_id) as videos,
    min(snapshot_date) as first_date,
    max(snapshot_date) as last_date,
    count(distinct views_definition) as definitions,
    coalesce(cast(sum(views_gained) as bigint), 0) as gained,
    count(*) filter (where is_fall and snapshot_date between $start and $end) as falls,
    coalesce(cast(-sum(views_gained) filter (
        where is_fall and snapshot_date between $start and $end) as bigint), 0)
        as views_taken_back,
    count(distinct platform_video_id) filter (
        where is_fall and snapshot_date between $start and $end) as videos_with_falls,
    count(*) filter (where is_gap and snapshot_date between $start and $end) as gaps
from published.video_counters_daily
