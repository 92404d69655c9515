-- One row per account, creative and day of UTC, in the account's currency. A view is two
-- seconds with half of the video on screen, or a click on it. LinkedIn tells no time watched.
with

ad_analytics_daily as (

    select * from {{ source('linkedin_ads', 'ad_analytics_daily') }}

)

select
    account_id,
    creative_id as ad_id,
    'linkedin_ads' as channel,
    date as performance_date,
    'UTC' as day_zone,
    campaign_id,
    campaign_name,
    currency as currency_code,
    cast(cost_in_local_currency as decimal(18, 4)) as spend_native,
    impressions,
    'linkedin_ads_two_second_views' as views_definition,
    cast(2 as double) as views_threshold_seconds,
    'in_view' as views_basis,
    video_views as views,
    video_starts as starts,
    video_first_quartile_completions as p25_plays,
    video_midpoint_completions as p50_plays,
    video_third_quartile_completions as p75_plays,
    video_completions as p100_plays,
    landing_page_clicks as link_clicks,
    likes,
    comments,
    shares,
    _dlt_load_id as load_id
from ad_analytics_daily
