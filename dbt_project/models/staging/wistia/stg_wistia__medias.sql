-- One row per account and media, with the text in which the catalogue's id may stand.
with

medias as (

    select * from {{ source('wistia', 'medias') }}

),

renamed as (

    select
        account_id,
        hashed_id as media_id,
        name,
        lower(concat_ws(' ', name, tags)) as named_text,
        duration as duration_seconds,
        _dlt_load_id as load_id
    from medias

)

select * from renamed
