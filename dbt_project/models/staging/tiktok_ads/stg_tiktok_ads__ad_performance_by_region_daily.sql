-- One row per account, ad, region and day. Never added to the rows by ad and day: it is the
-- same delivery, told by place.
with

ad_region_daily as (

    select * from {{ source('tiktok_ads', 'ad_region_daily') }}

)

select
    account_id,
    ad_id as object_id,
    'ad' as object_level,
    coalesce(province_name, province_id) as region,
    stat_time_day as performance_date,
    max(currency) as currency_code,
    cast(sum(spend) as decimal(18, 4)) as spend_native,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(video_play_actions) as bigint) as starts,
    cast(sum(clicks) as bigint) as link_clicks,
    max(_dlt_load_id) as load_id
from ad_region_daily
group by account_id, ad_id, coalesce(province_name, province_id), stat_time_day
