-- One row per platform video with a lifetime counter: the ten that gained most.
select
    platform_video_id as video_id,
    coalesce(arg_max(title, snapshot_date), platform_video_id) as title,
    min(snapshot_date) as first_date,
    max(snapshot_date) as last_date,
    cast(arg_max(lifetime_views, snapshot_date) as bigint) as lifetime_views,
    coalesce(cast(sum(views_gained) as bigint), 0) as gained
from published.video_counters_daily
group by account_id, platform_video_id
order by gained desc, lifetime_views desc nulls last, video_id
limit 10
