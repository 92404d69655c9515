-- One row per day and currency: what one unit of it is worth in USD.
with

fx_rates as (

    select * from {{ source('catalogue', 'fx_rates') }}

),

renamed as (

    select
        date as rate_date,
        currency_code,
        rate_to_usd,
        _dlt_load_id as load_id
    from fx_rates

)

select * from renamed
