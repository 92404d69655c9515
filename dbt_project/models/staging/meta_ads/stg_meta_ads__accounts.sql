-- One row per ad account: its currency, and the zone in which its days begin.
with

accounts as (

    select * from {{ source('meta_ads', 'accounts') }}

),

renamed as (

    select
        account_id,
        name as account_name,
        currency as currency_code,
        timezone_name as day_zone,
        _dlt_load_id as load_id
    from accounts

)

select * from renamed
