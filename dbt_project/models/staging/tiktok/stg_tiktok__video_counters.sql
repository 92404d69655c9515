-- One row per account, post and day to whose end its lifetime totals count. A view is any
-- play longer than nothing, paid ones of the post included.
with

videos as (

    select * from {{ source('tiktok', 'videos') }}

),

renamed as (

    select
        account_id,
        item_id as platform_video_id,
        'social_organic' as channel,
        snapshot_date,
        'UTC' as day_zone,
        caption as title,
        cast({{ utc('create_time') }} as date) as published_date,
        video_duration as duration_seconds,
        'tiktok_plays' as views_definition,
        0 as views_threshold_seconds,
        'start' as views_basis,
        video_views as views,
        video_views as starts,
        total_time_watched as watch_seconds,
        website_clicks as link_clicks,
        likes,
        comments,
        shares,
        favorites as saves,
        new_followers as subscribers_gained,
        _dlt_load_id as load_id
    from videos

)

select * from renamed
