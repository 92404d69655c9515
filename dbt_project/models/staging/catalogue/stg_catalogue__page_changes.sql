-- One row per change of a page of the site: a player put in or taken out, an edit, a failure.
with

page_changes as (

    select * from {{ source('catalogue', 'page_changes') }}

),

renamed as (

    select
        row_number as line_number,
        video_id,
        change_date,
        page_path,
        change as change_type,
        note,
        _dlt_load_id as load_id
    from page_changes

)

select * from renamed
