-- One row per platform, metric and day from which it is counted otherwise.
with

definition_changes as (

    select * from {{ source('catalogue', 'definition_changes') }}

),

renamed as (

    select
        platform,
        changed_date,
        metric,
        says,
        _dlt_load_id as load_id
    from definition_changes

)

select * from renamed
