-- One row per account, ad and day, in the advertiser's currency and day zone. A view is a play
-- of two seconds; the time watched is told as an average per play, so watch_seconds is an
-- estimate.
with

ad_report_daily as (

    select * from {{ source('tiktok_ads', 'ad_report_daily') }}

)

select
    account_id,
    ad_id,
    'tiktok_ads' as channel,
    stat_time_day as performance_date,
    'account' as day_zone,
    campaign_id,
    campaign_name,
    currency as currency_code,
    cast(spend as decimal(18, 4)) as spend_native,
    impressions,
    'tiktok_ads_two_second_plays' as views_definition,
    cast(2 as double) as views_threshold_seconds,
    'play' as views_basis,
    video_watched_2s as views,
    video_play_actions as starts,
    engaged_view_15s as thruplays,
    video_views_p25 as p25_plays,
    video_views_p50 as p50_plays,
    video_views_p75 as p75_plays,
    video_views_p100 as p100_plays,
    case
        when video_play_actions = 0 then 0
        else average_video_play * video_play_actions
    end as watch_seconds,
    clicks as link_clicks,
    likes,
    comments,
    shares,
    _dlt_load_id as load_id
from ad_report_daily
