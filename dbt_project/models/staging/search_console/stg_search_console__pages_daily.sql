-- One row per property, search type, Pacific day and page (its canonical address). The sum
-- exceeds the property's: never a total.
with

by_page as (

    select * from {{ source('search_console', 'by_page') }}

),

renamed as (

    select
        account_id,
        cast(lower(type) as varchar) as search_type,
        date as search_date,
        page as page_url,
        clicks,
        impressions,
        cast(position * impressions as double) as position_impressions,
        _dlt_load_id as load_id
    from by_page

)

select * from renamed
