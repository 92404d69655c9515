-- One row per ad account with its currency. Its days are those of UTC, wherever it is.
with

accounts as (

    select * from {{ source('linkedin_ads', 'accounts') }}

)

select
    account_id,
    name as account_name,
    currency as currency_code,
    'UTC' as day_zone,
    _dlt_load_id as load_id
from accounts
