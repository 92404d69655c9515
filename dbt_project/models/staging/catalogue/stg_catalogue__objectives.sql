-- One row per video and objective it was declared to serve, before it was published.
with

objectives as (

    select * from {{ source('catalogue', 'objectives') }}

),

renamed as (

    select
        video_id,
        objective,
        set_date,
        review_date,
        indicator,
        second_indicator,
        owner,
        note,
        _dlt_load_id as load_id
    from objectives

)

select * from renamed
