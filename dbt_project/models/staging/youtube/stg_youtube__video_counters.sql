-- One row per video and day on which somebody read its public counters (cumulative).
with

video_counters as (

    select * from {{ source('youtube', 'video_counters') }}

),

renamed as (

    select
        account_id,
        video_id as platform_video_id,
        snapshot_date,
        {{ utc('fetched_at') }} as fetched_at,
        title,
        channel_title,
        {{ utc('published_at') }} as published_at,
        duration_seconds,
        view_count as lifetime_views,
        like_count as lifetime_likes,
        comment_count as lifetime_comments,
        file,
        _dlt_load_id as load_id
    from video_counters

)

select * from renamed
