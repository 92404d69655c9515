-- One row per video and day on which somebody read its public counters (cumulative), of any
-- channel. Videos of our own have a daily report, which is the count of record.
with

video_counters as (

    select * from {{ source('youtube', 'video_counters') }}

),

renamed as (

    select
        account_id,
        video_id as platform_video_id,
        'youtube_organic' as channel,
        snapshot_date,
        'UTC' as day_zone,
        true as has_daily_report,
        title,
        channel_title,
        {{ utc('published_at') }} as published_at,
        duration_seconds,
        case
            when snapshot_date >= date '2026-08-27' then 'youtube_views_playback'
            else 'youtube_views_intent'
        end as views_definition,
        view_count as views,
        like_count as likes,
        comment_count as comments,
        file,
        _dlt_load_id as load_id
    from video_counters

)

select * from renamed
