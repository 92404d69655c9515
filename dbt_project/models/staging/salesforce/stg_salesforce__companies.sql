-- One row per organisation and account (a company), deleted ones flagged.
with

accounts as (

    select * from {{ source('salesforce', 'accounts') }}

),

renamed as (

    select
        account_id,
        id as company_id,
        {{ utc('created_date') }} as created_at,
        name,
        {{ url_host('website') }} as domain,
        industry,
        number_of_employees as employees,
        master_record_id as merged_into_id,
        coalesce(is_deleted, false) as is_archived,
        _dlt_load_id as load_id
    from accounts

)

select * from renamed
