-- One row per property, search type, Pacific day and appearance. Appearances overlap: never
-- added together.
with

by_appearance as (

    select * from {{ source('search_console', 'by_appearance') }}

),

renamed as (

    select
        account_id,
        cast(lower(type) as varchar) as search_type,
        date as search_date,
        search_appearance,
        clicks,
        impressions,
        cast(position * impressions as double) as position_impressions,
        _dlt_load_id as load_id
    from by_appearance

)

select * from renamed
