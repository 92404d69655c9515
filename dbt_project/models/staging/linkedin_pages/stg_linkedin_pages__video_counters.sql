-- One row per page, video post and day to whose end its lifetime totals count. Views and
-- watch time are told by day elsewhere; clicks of all kinds are no clicks on the link.
with

posts as (

    select * from {{ source('linkedin_pages', 'posts') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        'social_organic' as channel,
        snapshot_date,
        'UTC' as day_zone,
        commentary as title,
        cast({{ utc('published_at') }} as date) as published_date,
        media_id,
        duration / 1000.0 as duration_seconds,
        'linkedin_three_second_views' as views_definition,  -- of the same day's report
        3 as views_threshold_seconds,
        'play' as views_basis,
        impression_count as impressions,
        like_count as likes,
        comment_count as comments,
        share_count as shares,
        _dlt_load_id as load_id
    from posts

)

select * from renamed
