-- One row per deal and contact that belongs to it.
with

deal_contacts as (

    select * from {{ source('hubspot', 'deal_contacts') }}

),

renamed as (

    select
        account_id,
        deal_id,
        contact_id,
        association_types as association_types_json,
        _dlt_load_id as load_id
    from deal_contacts

)

select * from renamed
