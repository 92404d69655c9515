-- One row per property, search type, Pacific day, page and query. Rare queries are withheld:
-- never a total.
with

by_page_query as (

    select * from {{ source('search_console', 'by_page_query') }}

),

renamed as (

    select
        account_id,
        cast(lower(type) as varchar) as search_type,
        date as search_date,
        page as page_url,
        query,
        clicks,
        impressions,
        cast(position * impressions as double) as position_impressions,
        _dlt_load_id as load_id
    from by_page_query

)

select * from renamed
