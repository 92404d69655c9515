-- One row per placement: a platform object, or a catalogue entry no platform shows yet.
-- `matched_by` is the first rule that knew its variant; without one a video is its own
-- master, and an object without any video lands in the visible bucket 'unmatched'.
with

objects as (

    select * from {{ ref('int_assets__platform_objects') }}

),

catalogue as (

    select * from {{ ref('stg_catalogue__placements') }}

),

variants as (

    select * from {{ ref('stg_catalogue__variants') }}

),

by_platform_video as (

    -- any placement that names this video id tells the variant of the others
    select
        platform_video_id,
        min(variant_id) as variant_id
    from catalogue
    where platform_video_id is not null
    group by platform_video_id
    having count(distinct variant_id) = 1

),

matched as (

    select
        coalesce(objects.platform, catalogue.platform) as platform,
        coalesce(objects.account_id, catalogue.account_id) as account_id,
        coalesce(objects.platform_object_id, catalogue.platform_object_id)
            as platform_object_id,
        coalesce(objects.platform_video_id, catalogue.platform_video_id)
            as platform_video_id,
        objects.title,
        objects.duration_seconds,
        objects.published_date,
        coalesce(objects.is_listed, false) as is_listed,
        catalogue.placement_id,
        coalesce(catalogue.channel, objects.channel) as channel_name,
        catalogue.tag,
        catalogue.page_path,
        catalogue.start_date,
        catalogue.end_date,
        coalesce(catalogue.variant_id, by_platform_video.variant_id, by_player.variant_id)
            as variant_id,
        case
            when catalogue.variant_id is not null then 'catalogue'
            when by_platform_video.variant_id is not null then 'platform video id'
            when by_player.variant_id is not null then 'player'
            when objects.platform_video_id is not null then 'own master'
            else 'unmatched'
        end as matched_by
    from objects
    full outer join catalogue
        on
            objects.platform = catalogue.platform
            and objects.account_id = catalogue.account_id
            and objects.platform_object_id = catalogue.platform_object_id
    left join by_platform_video
        on objects.platform_video_id = by_platform_video.platform_video_id
    left join variants as by_player
        -- a page no placement names: its player says which variant it plays
        on
            objects.channel = 'site_player'
            and objects.platform_object_id = by_player.variant_id

)

select
    {{ key(['matched.platform', 'matched.account_id', 'matched.platform_object_id']) }}
        as placement_key,
    case
        when matched.variant_id is not null then {{ key(["'variant'", 'matched.variant_id']) }}
        when matched.matched_by = 'own master'
            then {{ key(['matched.platform', 'matched.platform_video_id']) }}
        else 'unmatched'
    end as variant_key,
    case
        when variants.video_id is not null then {{ key(["'video'", 'variants.video_id']) }}
        when matched.matched_by = 'own master'
            then {{ key(['matched.platform', 'matched.platform_video_id']) }}
        else 'unmatched'
    end as video_key,
    matched.*
from matched
left join variants
    on matched.variant_id = variants.variant_id
