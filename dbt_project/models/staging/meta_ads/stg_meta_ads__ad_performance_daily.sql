-- One row per account, ad and day, in the account's currency and day zone. Meta calls a play
-- of three seconds a view; it tells an average watch time in whole seconds and no total, so
-- watch_seconds is estimated.
with

ad_insights as (

    select * from {{ source('meta_ads', 'ad_insights') }}

),

taken_apart as (

    select
        account_id,
        ad_id,
        date_start as performance_date,
        'account' as day_zone,
        campaign_id,
        campaign_name,
        adset_id,
        adset_name,
        ad_name,
        account_currency as currency_code,
        attribution_setting,
        cast(spend as decimal(18, 4)) as spend_native,
        cast(impressions as bigint) as impressions,
        cast(reach as bigint) as reach,
        cast(clicks as bigint) as clicks,
        cast(inline_link_clicks as bigint) as link_clicks,
        cast({{ action_value('video_play_actions', 'video_view') }} as bigint) as starts,
        cast({{ action_value('video_continuous_2_sec_watched_actions', 'video_view') }} as bigint)
            as plays_2s,
        cast({{ action_value('actions', 'video_view') }} as bigint) as plays_3s,
        cast({{ action_value('video_15_sec_watched_actions', 'video_view') }} as bigint)
            as plays_15s,
        cast({{ action_value('video_thruplay_watched_actions', 'video_view') }} as bigint)
            as thruplays,
        cast({{ action_value('video_30_sec_watched_actions', 'video_view') }} as bigint)
            as plays_30s,
        cast({{ action_value('video_p25_watched_actions', 'video_view') }} as bigint) as p25_plays,
        cast({{ action_value('video_p50_watched_actions', 'video_view') }} as bigint) as p50_plays,
        cast({{ action_value('video_p75_watched_actions', 'video_view') }} as bigint) as p75_plays,
        cast({{ action_value('video_p95_watched_actions', 'video_view') }} as bigint) as p95_plays,
        cast({{ action_value('video_p100_watched_actions', 'video_view') }} as bigint)
            as p100_plays,
        cast({{ action_value('video_avg_time_watched_actions', 'video_view', absent='null') }} as double)
            as average_watch_seconds,
        cast({{ action_value('actions', 'post_reaction') }} as bigint) as likes,
        cast({{ action_value('actions', 'comment') }} as bigint) as comments,
        cast({{ action_value('actions', 'post') }} as bigint) as shares,
        cast({{ action_value('actions', 'onsite_conversion.post_save') }} as bigint) as saves,
        _dlt_load_id as load_id
    from ad_insights

)

select
    *,
    'meta' as channel,
    'meta_three_second_plays' as views_definition,
    3 as views_threshold_seconds,
    'play' as views_basis,
    plays_3s as views,
    cast(coalesce(average_watch_seconds, 0) * starts as double) as watch_seconds
from taken_apart
