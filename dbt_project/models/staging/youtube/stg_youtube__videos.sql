-- One row per channel and video now listed there. Counters run ahead of the daily report.
with

videos as (

    select * from {{ source('youtube', 'videos') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        title,
        {{ utc('published_at') }} as published_at,
        {{ iso_duration_seconds('duration') }} as duration_seconds,
        tags as tags_json,
        privacy_status,
        view_count as lifetime_views,
        like_count as lifetime_likes,
        comment_count as lifetime_comments,
        _dlt_load_id as load_id
    from videos

)

select * from renamed
