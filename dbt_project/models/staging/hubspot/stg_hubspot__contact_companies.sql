-- One row per contact and company it belongs to; one of them is the primary.
with

contact_companies as (

    select * from {{ source('hubspot', 'contact_companies') }}

),

renamed as (

    select
        account_id,
        contact_id,
        company_id,
        association_types as association_types_json,
        contains(association_types, '"Primary"') as is_primary,
        _dlt_load_id as load_id
    from contact_companies

)

select * from renamed
