-- One row per experiment. Its end_date is empty while it runs.
with

experiments as (

    select * from {{ source('catalogue', 'experiments') }}

),

renamed as (

    select
        experiment_id,
        video_id,
        start_date,
        end_date,
        name,
        kind,
        channel,
        unit,
        treated,
        control,
        note,
        control_share,
        treated_units,
        control_units,
        treated_conversions,
        control_conversions,
        _dlt_load_id as load_id
    from experiments

)

select * from renamed
