-- One row per opportunity and snapshot of its stage: a changed amount repeats the stage.
with

opportunity_history as (

    select * from {{ source('salesforce', 'opportunity_history') }}

),

renamed as (

    select
        account_id,
        opportunity_id as deal_id,
        stage_name as stage_id,
        {{ utc('created_date') }} as changed_at,
        max(_dlt_load_id) as load_id
    from opportunity_history
    where not coalesce(is_deleted, false)
    group by account_id, opportunity_id, stage_name, created_date

)

select * from renamed
