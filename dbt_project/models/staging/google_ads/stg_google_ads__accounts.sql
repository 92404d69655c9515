-- One row per customer that runs ads: its currency, and the zone in which its days begin.
with

customers as (

    select * from {{ source('google_ads', 'customers') }}

)

select
    account_id,
    descriptive_name as account_name,
    currency_code,
    time_zone as day_zone,
    _dlt_load_id as load_id
from customers
