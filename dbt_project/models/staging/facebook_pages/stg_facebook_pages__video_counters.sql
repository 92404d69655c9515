-- One row per page, video and day to whose end its lifetime totals count. A view of a video
-- is a play of three seconds, of a reel any play but a replay.
with

videos as (

    select * from {{ source('facebook_pages', 'videos') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        'social_organic' as channel,
        snapshot_date,
        'America/Los_Angeles' as day_zone,
        title,
        cast({{ local_date(utc('created_time'), "'America/Los_Angeles'") }} as date)
            as published_date,
        length as duration_seconds,
        case
            when kind = 'reel' then 'facebook_reels_plays' else 'facebook_three_second_views'
        end as views_definition,
        case when kind = 'reel' then 0 else 3 end as views_threshold_seconds,
        case when kind = 'reel' then 'start' else 'play' end as views_basis,
        total_video_impressions as impressions,
        case when kind = 'reel' then blue_reels_play_count else total_video_views end as views,
        blue_reels_play_count as starts,
        total_video_views as plays_3s,
        total_video_15s_views as plays_15s,
        total_video_30s_views as plays_30s,
        total_video_complete_views as p100_plays,
        coalesce(total_video_view_total_time, post_video_view_time) / 1000.0 as watch_seconds,
        {{ json_sum('coalesce(total_video_reactions_by_type_total, post_video_likes_by_reaction_type)') }}
            as likes,
        cast({{ json_text('post_video_social_actions', '$.COMMENT') }} as bigint) as comments,
        cast({{ json_text('post_video_social_actions', '$.SHARE') }} as bigint) as shares,
        post_video_followers as subscribers_gained,
        _dlt_load_id as load_id
    from videos

)

select * from renamed
