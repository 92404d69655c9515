-- One row per opportunity and contact that has a role in it, however many roles.
with

roles as (

    select * from {{ source('salesforce', 'opportunity_contact_roles') }}

),

renamed as (

    select
        account_id,
        opportunity_id as deal_id,
        contact_id,
        max(_dlt_load_id) as load_id
    from roles
    where not coalesce(is_deleted, false) and contact_id is not null
    group by account_id, opportunity_id, contact_id

)

select * from renamed
