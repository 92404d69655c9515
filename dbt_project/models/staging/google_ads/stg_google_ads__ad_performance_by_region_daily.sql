-- One row per account, ad group, region and day: Google tells places of ad groups, never of a
-- single ad. Never added to the rows by ad and day: it is the same delivery, told by place.
with

ad_group_region_daily as (

    select * from {{ source('google_ads', 'ad_group_region_daily') }}

)

select
    account_id,
    ad_group_id as object_id,
    'ad_group' as object_level,
    coalesce(region_name, geo_target_region) as region,
    date as performance_date,
    currency_code,
    cast(sum(cost_micros) / 1000000.0 as decimal(18, 4)) as spend_native,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as link_clicks,
    max(_dlt_load_id) as load_id
from ad_group_region_daily
group by account_id, ad_group_id, coalesce(region_name, geo_target_region), date, currency_code
