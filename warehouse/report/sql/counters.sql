-- One row: lifetime counters that fell, and days without a reading.
select
    count(*) filter (where is_fall) as falls,
    coalesce(cast(-sum(views_gained) filter (where is_fall) as bigint), 0)
        as views_taken_back,
    count(distinct platform_video_id) filter (where is_fall) as videos_with_falls,
    count(*) filter (where is_gap) as gaps
from published.video_counters_daily
where snapshot_date between $start and $end
