-- One row per placement: where a variant is shown, and which rule said so.
with

placements as (

    select * from {{ ref('int_assets__placements') }}

)

select
    placement_key,
    variant_key,
    video_key,
    coalesce(placement_id, platform_object_id) as placement_id,
    platform,
    account_id,
    platform_object_id,
    channel_name as channel,
    matched_by,
    tag,
    page_path,
    start_date,
    end_date,
    is_listed
from placements
