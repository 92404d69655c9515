-- One row per channel and video: what the video graph needs to know of it.
with

videos as (

    select * from {{ ref('stg_youtube__videos') }}

)

select
    account_id,
    platform_video_id as object_id,
    platform_video_id,
    'youtube_organic' as channel,
    title,
    cast(duration_seconds as double) as duration_seconds,
    cast(published_at as date) as published_date,
    cast(null as varchar) as url_tags
from videos
