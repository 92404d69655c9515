-- One row per target. Without a video_id it speaks for all videos of the objective.
with

targets as (

    select * from {{ source('catalogue', 'targets') }}

),

renamed as (

    select
        row_number as line_number,
        video_id,
        set_date,
        period_start as period_start_date,
        period_end as period_end_date,
        objective,
        kpi,
        owner,
        target as target_value,
        _dlt_load_id as load_id
    from targets

)

select * from renamed
