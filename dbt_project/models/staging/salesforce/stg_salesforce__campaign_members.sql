-- One row per campaign and person who answered it or was asked to.
with

campaign_members as (

    select * from {{ source('salesforce', 'campaign_members') }}

),

renamed as (

    select
        account_id,
        id as member_id,
        campaign_id,
        campaign_name,
        campaign_type,
        coalesce(contact_id, lead_id) as contact_id,
        first_responded_date as responded_date,
        coalesce(has_responded, false) as has_responded,
        _dlt_load_id as load_id
    from campaign_members
    where not coalesce(is_deleted, false)

)

select * from renamed
