-- One row per account, campaign, region and day: LinkedIn tells places of a campaign's members,
-- in about, and leaves out what fewer than three did. Never added to the rows by ad and day: it
-- is the same delivery, told by place.
with

campaign_region_daily as (

    select * from {{ source('linkedin_ads', 'campaign_region_daily') }}

)

select
    account_id,
    campaign_id as object_id,
    'campaign' as object_level,
    coalesce(geo_name, geo_id) as region,
    date as performance_date,
    currency as currency_code,
    cast(sum(cost_in_local_currency) as decimal(18, 4)) as spend_native,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(landing_page_clicks) as bigint) as link_clicks,
    max(_dlt_load_id) as load_id
from campaign_region_daily
group by account_id, campaign_id, coalesce(geo_name, geo_id), date, currency
