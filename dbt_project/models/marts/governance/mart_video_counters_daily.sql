-- One row per account, video and day of reading. Counters are cumulative: views are gained
-- between two readings, over all days since; a fall is the platform's correction and counts.
with

counters as (

    select * from {{ ref('stg_youtube__video_counters') }}

),

compared as (

    select
        *,
        lag(lifetime_views) over (
            partition by account_id, platform_video_id
            order by snapshot_date
        ) as previous_views,
        lag(snapshot_date) over (
            partition by account_id, platform_video_id
            order by snapshot_date
        ) as previous_date
    from counters

),

differenced as (

    select
        *,
        cast(lifetime_views - previous_views as bigint) as views_gained,
        cast({{ days_between('previous_date', 'snapshot_date') }} as bigint)
            as days_since_previous
    from compared

)

select
    account_id,
    platform_video_id,
    snapshot_date,
    title,
    lifetime_views,
    views_gained,
    days_since_previous,
    coalesce(views_gained < 0, false) as is_fall,
    coalesce(days_since_previous > 1, false) as is_gap
from differenced
