-- One row per account, ad and day, in the account's currency and day zone; an ad with several
-- videos is their sum. What `video` tells of an ad and day is not told again by its assets:
-- those count where it is silent, and know no plays. Quartiles come as shares of the
-- impressions. Starts are the watch time over its average per start, rounded by Google.
with

ad_video_daily as (

    select * from {{ source('google_ads', 'ad_video_daily') }}

),

ad_asset_daily as (

    select * from {{ source('google_ads', 'ad_asset_daily') }}
    where field_type = 'YOUTUBE_VIDEO'  -- a headline is shown with every impression too

),

told as (

    select
        *,
        case
            when video_watch_time_duration_millis = 0 then 0
            else round(
                video_watch_time_duration_millis
                / nullif(average_video_watch_time_duration_millis, 0)
            )
        end as starts,
        1 as precedence
    from ad_video_daily
    union all by name
    select
        *,
        2 as precedence
    from ad_asset_daily

),

ranked as (

    select
        *,
        rank() over (partition by account_id, ad_id, date order by precedence) as turn
    from told

)

select
    account_id,
    ad_id,
    'youtube_ads' as channel,
    date as performance_date,
    'account' as day_zone,
    max(campaign_id) as campaign_id,
    max(campaign_name) as campaign_name,
    max(ad_group_id) as ad_group_id,
    max(currency_code) as currency_code,
    cast(sum(cost_micros) / 1000000.0 as decimal(18, 4)) as spend_native,
    cast(sum(impressions) as bigint) as impressions,
    'google_ads_trueview_views' as views_definition,
    cast(30 as double) as views_threshold_seconds,
    'play' as views_basis,
    cast(sum(video_trueview_views) as bigint) as views,
    cast(sum(starts) as bigint) as starts,
    cast(sum(round(impressions * video_quartile_p25_rate)) as bigint) as p25_plays,
    cast(sum(round(impressions * video_quartile_p50_rate)) as bigint) as p50_plays,
    cast(sum(round(impressions * video_quartile_p75_rate)) as bigint) as p75_plays,
    cast(sum(round(impressions * video_quartile_p100_rate)) as bigint) as p100_plays,
    cast(sum(video_watch_time_duration_millis) / 1000.0 as double) as watch_seconds,
    cast(sum(clicks) as bigint) as link_clicks,
    max(_dlt_load_id) as load_id
from ranked
where turn = 1
group by account_id, ad_id, date
