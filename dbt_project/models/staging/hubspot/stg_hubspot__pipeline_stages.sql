-- One row per pipeline and stage, with the portal's own chance of winning from there.
with

pipeline_stages as (

    select * from {{ source('hubspot', 'pipeline_stages') }}

),

renamed as (

    select
        account_id,
        pipeline_id,
        id as stage_id,
        pipeline_label as pipeline_name,
        label as stage_name,
        display_order as position,
        probability as probability_win,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_closed and probability = 1, false) as is_won,
        coalesce(archived, false) as is_archived,
        _dlt_load_id as load_id
    from pipeline_stages

)

select * from renamed
