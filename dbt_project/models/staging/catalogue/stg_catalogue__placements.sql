-- One row per place where a variant is shown. account_id is the platform's account here. A
-- place that no platform names (a page, an e-mail) is named by its own placement_id.
with

placements as (

    select * from {{ source('catalogue', 'placements') }}

),

renamed as (

    select
        placement_id,
        variant_id,
        platform,
        platform_account_id as account_id,
        coalesce(platform_object_id, placement_id) as platform_object_id,
        platform_video_id,
        start_date,
        end_date,
        channel,
        page_path,
        tag,
        _dlt_load_id as load_id
    from placements

)

select * from renamed
