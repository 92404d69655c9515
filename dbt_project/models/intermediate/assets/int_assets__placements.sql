-- One row per placement: a platform object, a catalogue entry that no platform shows yet, or a
-- tagged link that visits came by. `matched_by` is the first rule that knew its variant;
-- without one a video is its own master, and what has no video is in the bucket 'unmatched'.
with

objects as (

    select * from {{ ref('int_assets__matched_objects') }}

),

catalogue as (

    select
        *,
        {{ code_of_entry() }} as code
    from {{ ref('stg_catalogue__placements') }}

),

variants as (

    select * from {{ ref('stg_catalogue__variants') }}

),

placed as (

    select
        coalesce(objects.platform, catalogue.platform) as platform,
        coalesce(objects.account_id, catalogue.account_id) as account_id,
        coalesce(objects.platform_object_id, catalogue.platform_object_id)
            as platform_object_id,
        coalesce(objects.platform_video_id, catalogue.platform_video_id)
            as platform_video_id,
        objects.title,
        objects.ad_name,
        objects.duration_seconds,
        objects.published_date,
        objects.url_code,
        coalesce(objects.is_listed, false) as is_listed,
        catalogue.placement_id,
        coalesce(catalogue.channel, objects.channel) as channel_name,
        coalesce(catalogue.code, objects.own_code) as tag,
        catalogue.page_path,
        catalogue.start_date,
        catalogue.end_date,
        coalesce(objects.variant_id, catalogue.variant_id) as variant_id,
        case
            when objects.matched_by is not null then objects.matched_by
            when catalogue.variant_id is not null then 'catalogue'
            when objects.platform_video_id is not null then 'own master'
            else 'unmatched'
        end as matched_by
    from objects
    full outer join catalogue
        on objects.placement_id = catalogue.placement_id

),

used_codes as (

    select distinct
        account_id,
        utm_content
    from {{ ref('int_journey__visits') }}
    where utm_content is not null

),

links as (

    -- codes of a variant and a channel that belong to no placement above
    select
        'site_events' as platform,
        used_codes.account_id,
        used_codes.utm_content as platform_object_id,
        used_codes.utm_content as tag,
        channels.channel as channel_name,
        variants.variant_id,
        'tagging code' as matched_by,
        false as is_listed
    from variants
    cross join {{ ref('journey_channels') }} as channels
    inner join used_codes
        on
            {{ tagging_code('variants.variant_id', 'channels.channel') }}
            = lower(used_codes.utm_content)
    left join placed
        on used_codes.utm_content = placed.tag
    where placed.tag is null

),

matched as (

    select * from placed
    union all by name
    select * from links

),

named as (

    select
        *,
        -- one video, whether it is posted or bought there
        case platform
            when 'google_ads' then 'youtube'
            when 'linkedin_ads' then 'linkedin_pages'
            when 'tiktok_ads' then 'tiktok'
            when 'meta_ads' then 'facebook_pages'
            else platform
        end as network
    from matched

)

select
    {{ key(['named.platform', 'named.account_id', 'named.platform_object_id']) }}
        as placement_key,
    case
        when named.variant_id is not null then {{ key(["'variant'", 'named.variant_id']) }}
        when named.matched_by = 'own master'
            then {{ key(['named.network', 'named.platform_video_id']) }}
        else 'unmatched'
    end as variant_key,
    case
        when variants.video_id is not null then {{ key(["'video'", 'variants.video_id']) }}
        when named.matched_by = 'own master'
            then {{ key(['named.network', 'named.platform_video_id']) }}
        else 'unmatched'
    end as video_key,
    named.* exclude (network)
from named
left join variants
    on named.variant_id = variants.variant_id
