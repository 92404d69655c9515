-- One row per platform, account, video and day of reading. Counters are cumulative: views are
-- gained between two readings, over all days since; a fall is a correction and counts.
with

counters as (

    select * from {{ ref('int_social__counters_daily') }}

)

select
    platform,
    account_id,
    platform_object_id as platform_video_id,
    snapshot_date,
    title,
    views_definition,
    lifetime_views,
    views as views_gained,
    gap_days as days_since_previous,
    coalesce(views < 0, false) as is_fall,
    coalesce(gap_days > 1, false) as is_gap
from counters
where lifetime_views is not null
