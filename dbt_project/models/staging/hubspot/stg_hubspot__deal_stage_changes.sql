-- One row per deal and moment it was put into a stage. It left that stage at the next row.
with

deal_stage_history as (

    select * from {{ source('hubspot', 'deal_stage_history') }}

),

renamed as (

    select
        account_id,
        deal_id,
        value as stage_id,
        {{ utc('timestamp') }} as changed_at,
        source_type,
        source_id,
        _dlt_load_id as load_id
    from deal_stage_history

)

select * from renamed
