-- One row per page and video post of the newest reading: what the video graph needs to know.
with

counters as (

    select * from {{ ref('stg_linkedin_pages__video_counters') }}

),

numbered as (

    select
        *,
        dense_rank() over (partition by account_id order by snapshot_date desc) as turn
    from counters

)

select
    account_id,
    platform_video_id as object_id,
    media_id as platform_video_id,
    channel,
    title,
    cast(duration_seconds as double) as duration_seconds,
    published_date,
    cast(null as varchar) as url_tags
from numbered
where turn = 1
