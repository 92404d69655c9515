-- One row per channel, video and Pacific day. Percentages are left to be recomputed. Since
-- 2026-08-27 a view counts from the moment playback begins; before, YouTube counted what it
-- took for wanted, by no published threshold.
with

video_daily as (

    select * from {{ source('youtube', 'video_daily') }}

),

renamed as (

    select
        account_id,
        video_id as platform_video_id,
        'youtube_organic' as channel,
        day as performance_date,
        'America/Los_Angeles' as day_zone,
        case
            when day >= date '2026-08-27' then 'youtube_views_playback'
            else 'youtube_views_intent'
        end as views_definition,
        case when day >= date '2026-08-27' then 0 end as views_threshold_seconds,
        case when day >= date '2026-08-27' then 'start' else 'play' end as views_basis,
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
