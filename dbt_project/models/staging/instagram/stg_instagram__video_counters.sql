-- One row per account, video and day to whose end its lifetime totals count. A view is the
-- start of a play, replays included; watch time is told for reels alone.
with

media as (

    select * from {{ source('instagram', 'media') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        'social_organic' as channel,
        snapshot_date,
        'UTC' as day_zone,
        caption as title,
        cast({{ utc('"timestamp"') }} as date) as published_date,
        'instagram_views' as views_definition,
        0 as views_threshold_seconds,
        'start' as views_basis,
        views,
        views as starts,
        ig_reels_video_view_total_time / 1000.0 as watch_seconds,
        likes,
        comments,
        shares,
        saved as saves,
        follows as subscribers_gained,
        _dlt_load_id as load_id
    from media

)

select * from renamed
