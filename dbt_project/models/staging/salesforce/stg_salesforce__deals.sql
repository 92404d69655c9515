-- One row per organisation and opportunity, deleted ones flagged. The close date is a plain
-- date: its hour is that of the last stage change where both name the same day.
with

opportunities as (

    select * from {{ source('salesforce', 'opportunities') }}

),

renamed as (

    select
        account_id,
        id as deal_id,
        crm_account_id as company_id,
        stage_name as stage_id,
        {{ utc('created_date') }} as created_at,
        case
            when not is_closed then null
            when cast({{ utc('last_stage_change_date') }} as date) = close_date
                then {{ utc('last_stage_change_date') }}
            else cast(close_date as timestamp)
        end as closed_at,
        case when not is_closed then close_date end as expected_close_date,
        currency_iso_code as currency_code,
        amount as amount_native,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
        coalesce(is_deleted, false) as is_archived,
        cast(null as varchar) as pipeline_id,
        cast(null as varchar) as same_as_platform,
        cast(null as varchar) as same_as_id,
        _dlt_load_id as load_id
    from opportunities

)

select * from renamed
