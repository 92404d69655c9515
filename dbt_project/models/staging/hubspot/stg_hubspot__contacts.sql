-- One row per portal and contact, deleted ones flagged. A person may stand in several, and
-- ids merged into a contact are listed in it; who is one person is decided later.
-- HubSpot's sync names the same person in Salesforce.
with

contacts as (

    select * from {{ source('hubspot', 'contacts') }}

),

renamed as (

    select
        account_id,
        id as contact_id,
        associatedcompanyid as company_id,
        hubspot_owner_id as owner_id,
        email_sha256,
        {{ utc('coalesce(createdate, created_at)') }} as created_at,
        {{ utc('coalesce(lastmodifieddate, updated_at)') }} as updated_at,
        {{ utc('archived_at') }} as archived_at,
        {{ utc('hs_lifecyclestage_subscriber_date') }} as subscriber_at,
        {{ utc('hs_lifecyclestage_lead_date') }} as lead_at,
        {{ utc('hs_lifecyclestage_marketingqualifiedlead_date') }} as marketing_qualified_at,
        {{ utc('hs_lifecyclestage_salesqualifiedlead_date') }} as sales_qualified_at,
        {{ utc('hs_lifecyclestage_opportunity_date') }} as opportunity_at,
        {{ utc('hs_lifecyclestage_customer_date') }} as customer_at,
        lifecyclestage as lifecycle_stage,
        true as tells_qualification,
        hs_analytics_source as analytics_source,
        hs_analytics_source_data_1 as analytics_source_data_1,
        hs_analytics_source_data_2 as analytics_source_data_2,
        hs_merged_object_ids as merged_contact_ids,
        country as country_code,
        state as region,
        hubspotscore as lead_score,
        coalesce(archived, false) as is_archived,
        case
            when coalesce(salesforcecontactid, salesforceleadid) is not null then 'salesforce'
        end as same_as_platform,
        coalesce(salesforcecontactid, salesforceleadid) as same_as_id,
        _dlt_load_id as load_id
    from contacts

)

select * from renamed
