-- One row per organisation and contact or lead, deleted ones flagged. A converted lead names
-- the contact it became, a merged one its master: they are one person.
with

contacts as (

    select * from {{ source('salesforce', 'contacts') }}

),

leads as (

    select * from {{ source('salesforce', 'leads') }}

),

both_kinds as (

    select
        account_id,
        id as contact_id,
        crm_account_id as company_id,
        email_sha256,
        {{ utc('created_date') }} as created_at,
        cast(null as timestamp) as lead_at,
        'contact' as lifecycle_stage,
        lead_source,
        master_record_id as merged_into_id,
        coalesce(is_deleted, false) as is_archived,
        _dlt_load_id as load_id
    from contacts
    union all
    select
        account_id,
        id as contact_id,
        cast(null as varchar) as company_id,
        email_sha256,
        {{ utc('created_date') }} as created_at,
        {{ utc('created_date') }} as lead_at,
        'lead' as lifecycle_stage,
        lead_source,
        coalesce(converted_contact_id, master_record_id) as merged_into_id,
        coalesce(is_deleted, false) as is_archived,
        _dlt_load_id as load_id
    from leads

)

select
    account_id,
    contact_id,
    company_id,
    email_sha256,
    created_at,
    lead_at,
    cast(null as timestamp) as marketing_qualified_at,
    cast(null as timestamp) as sales_qualified_at,
    cast(null as timestamp) as opportunity_at,
    cast(null as timestamp) as customer_at,
    lifecycle_stage,
    false as tells_qualification,
    upper(replace(lead_source, ' ', '_')) as analytics_source,
    cast(null as varchar) as merged_contact_ids,
    merged_into_id,
    is_archived,
    cast(null as varchar) as same_as_platform,
    cast(null as varchar) as same_as_id,
    load_id
from both_kinds
