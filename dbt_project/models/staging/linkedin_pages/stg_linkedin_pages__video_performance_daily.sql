-- One row per page, video post and UTC day with a view, which is a play of three seconds.
with

video_analytics_daily as (

    select * from {{ source('linkedin_pages', 'video_analytics_daily') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        'social_organic' as channel,
        date as performance_date,
        'UTC' as day_zone,
        'linkedin_three_second_views' as views_definition,
        3 as views_threshold_seconds,
        'play' as views_basis,
        video_view as views,
        video_view as plays_3s,
        time_watched / 1000.0 as watch_seconds,
        _dlt_load_id as load_id
    from video_analytics_daily

)

select * from renamed
