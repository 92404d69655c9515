-- One row per portal and deal, deleted ones flagged. Sales writes a close date before the deal
-- is closed: that one is expected, the other happened.
with

deals as (

    select * from {{ source('hubspot', 'deals') }}

),

renamed as (

    select
        account_id,
        id as deal_id,
        hs_primary_associated_company as company_id,
        pipeline as pipeline_id,
        dealstage as stage_id,
        hubspot_owner_id as owner_id,
        {{ utc('coalesce(createdate, created_at)') }} as created_at,
        {{ utc('coalesce(hs_lastmodifieddate, updated_at)') }} as updated_at,
        {{ utc('archived_at') }} as archived_at,
        case when hs_is_closed then {{ utc('closedate') }} end as closed_at,
        case when not hs_is_closed then cast({{ utc('closedate') }} as date) end as expected_close_date,
        dealname as name,
        hs_merged_object_ids as merged_deal_ids,
        deal_currency_code as currency_code,
        amount as amount_native,
        coalesce(hs_is_closed, false) as is_closed,
        coalesce(hs_is_closed_won, false) as is_won,
        coalesce(archived, false) as is_archived,
        case when hs_salesforceopportunityid is not null then 'salesforce' end as same_as_platform,
        hs_salesforceopportunityid as same_as_id,
        _dlt_load_id as load_id
    from deals

)

select * from renamed
