-- One row per video the team made, as its catalogue says.
with

videos as (

    select * from {{ source('catalogue', 'videos') }}

),

renamed as (

    select
        video_id,
        published_date,
        title,
        objective,
        role,
        theme,
        owner,
        duration_seconds,
        key_message_seconds,
        expected_life_months,
        _dlt_load_id as load_id
    from videos

)

select * from renamed
