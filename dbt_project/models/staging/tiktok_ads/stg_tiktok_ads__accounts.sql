-- One row per advertiser: its currency, and the zone in which its days begin.
with

advertisers as (

    select * from {{ source('tiktok_ads', 'advertisers') }}

)

select
    account_id,
    name as account_name,
    currency as currency_code,
    timezone as day_zone,
    _dlt_load_id as load_id
from advertisers
