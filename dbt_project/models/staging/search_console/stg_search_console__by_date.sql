-- One row per property, search type and Pacific day. Rates are left to be divided last:
-- position_impressions / impressions is the average position.
with

by_date as (

    select * from {{ source('search_console', 'by_date') }}

),

renamed as (

    select
        account_id,
        cast(lower(type) as varchar) as search_type,
        date as search_date,
        clicks,
        impressions,
        cast(position * impressions as double) as position_impressions,
        _dlt_load_id as load_id
    from by_date

)

select * from renamed
