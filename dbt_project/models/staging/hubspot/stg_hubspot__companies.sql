-- One row per portal and company, deleted ones flagged.
with

companies as (

    select * from {{ source('hubspot', 'companies') }}

),

renamed as (

    select
        account_id,
        id as company_id,
        {{ utc('coalesce(createdate, created_at)') }} as created_at,
        {{ utc('coalesce(hs_lastmodifieddate, updated_at)') }} as updated_at,
        {{ utc('archived_at') }} as archived_at,
        name,
        domain,
        country as country_code,
        state as region,
        industry,
        hs_merged_object_ids as merged_company_ids,
        cast(numberofemployees as bigint) as employees,
        coalesce(archived, false) as is_archived,
        _dlt_load_id as load_id
    from companies

)

select * from renamed
