-- One row per channel, video and Pacific day. Percentages are left to be recomputed.
with

video_daily as (

    select * from {{ source('youtube', 'video_daily') }}

),

renamed as (

    select
        account_id,
        video_id as platform_video_id,
        day as performance_date,
        'America/Los_Angeles' as day_zone,
        views,
        engaged_views,
        cast(estimated_minutes_watched * 60 as double) as watch_seconds,
        likes,
        dislikes,
        comments,
        shares,
        subscribers_gained,
        subscribers_lost,
        _dlt_load_id as load_id
    from video_daily

)

select * from renamed
