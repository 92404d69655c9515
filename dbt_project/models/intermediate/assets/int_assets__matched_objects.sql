-- One row per platform object, with the first rule that knows its variant (`matched_by`, null
-- where none does) and the catalogue entry that it is. What leads to two variants tells
-- nothing. What an entry's object carries inside is known of all other objects too.
with

objects as (

    select
        *,
        {{ url_parameter("'?' || url_tags", 'utm_content') }} as url_code
    from {{ ref('int_assets__platform_objects') }}

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

by_entry as (

    select
        objects.*,
        catalogue.placement_id,
        catalogue.variant_id
    from objects
    left join catalogue
        on
            objects.platform = catalogue.platform
            and objects.account_id = catalogue.account_id
            and objects.platform_object_id = catalogue.platform_object_id

),

ids as (

    select
        id,
        min(variant_id) as variant_id
    from (
        select
            platform_video_id as id,
            variant_id
        from catalogue
        union all
        select
            platform_object_id as id,  -- of a post that is its video
            variant_id
        from catalogue
        where platform_object_id <> placement_id
        union all
        select
            unnest([platform_video_id, creative_video_id, asset_id]) as id,
            variant_id
        from by_entry
        where variant_id is not null
    ) as told
    where id is not null
    group by id
    having count(distinct variant_id) = 1

),

embeds as (

    -- what a page's player may name beside a variant: a video of one cut, a platform's id
    select
        ref,
        min(variant_id) as variant_id
    from (
        select
            video_id as ref,
            variant_id
        from variants
        union all
        select
            id as ref,
            variant_id
        from ids
    ) as told
    group by ref
    having count(distinct variant_id) = 1

),

codes as (

    select
        lower(code) as code,
        placement_id,
        platform,
        account_id,
        variant_id,
        channel,
        platform_object_id = placement_id as is_open  -- no object is named: it may come
    from catalogue
    where code is not null
    union all
    select
        {{ tagging_code('variants.variant_id', 'channels.channel') }} as code,
        null as placement_id,
        null as platform,
        null as account_id,
        variants.variant_id,
        channels.channel,
        false as is_open
    from variants
    cross join {{ ref('journey_channels') }} as channels

),

words as (

    select
        platform,
        account_id,
        platform_object_id,
        lower(url_code) as code,
        true as is_in_url
    from by_entry
    where placement_id is null and url_code is not null
    union all
    select
        platform,
        account_id,
        platform_object_id,
        unnest({{ name_words('ad_name') }}) as code,
        false as is_in_url
    from by_entry
    where placement_id is null and ad_name is not null

),

tagged as (

    select
        words.platform,
        words.account_id,
        words.platform_object_id,
        words.is_in_url,
        words.code,
        codes.placement_id,
        codes.variant_id,
        codes.channel,
        coalesce(
            codes.is_open
            and codes.platform = words.platform
            and coalesce(codes.account_id, words.account_id) = words.account_id,
            false
        ) as is_entry,
        row_number() over (
            partition by words.platform, words.account_id, words.platform_object_id
            -- the longest: ph-10 is not ph-1; an entry before the code of a channel
            order by words.is_in_url desc, length(words.code) desc, codes.placement_id
        ) as turn
    from words
    inner join codes
        on words.code = codes.code
    -- a plain word may stand in any name
    where words.is_in_url or regexp_matches(words.code, '[0-9_-]')

),

numbered as (

    select
        *,
        row_number() over (partition by code order by platform, account_id, platform_object_id)
            as object_number
    from tagged
    where turn = 1

),

matched as (

    select
        by_entry.*,
        numbered.channel as code_channel,
        coalesce(
            by_entry.variant_id,
            by_video.variant_id,
            by_creative.variant_id,
            by_asset.variant_id,
            numbered.variant_id,
            by_player.variant_id,
            embeds.variant_id
        ) as known_variant_id,
        case
            when by_entry.variant_id is not null then 'catalogue'
            when by_video.variant_id is not null then 'platform video id'
            when by_creative.variant_id is not null then 'creative''s video id'
            when by_asset.variant_id is not null then 'asset id'
            when numbered.variant_id is not null then 'tagging code'
            when coalesce(by_player.variant_id, embeds.variant_id) is not null
                then 'page embed'
        end as matched_by,
        case
            when numbered.is_entry and numbered.object_number = 1 then numbered.placement_id
        end as open_placement_id,
        case
            when
                numbered.placement_id is null
                and numbered.is_in_url
                and numbered.object_number = 1
                then by_entry.url_code
        end as own_code,
        numbered.variant_id as code_variant_id
    from by_entry
    left join ids as by_video
        on by_entry.platform_video_id = by_video.id
    left join ids as by_creative
        on by_entry.creative_video_id = by_creative.id
    left join ids as by_asset
        on by_entry.asset_id = by_asset.id and by_entry.channel <> 'site_player'
    left join numbered
        on
            by_entry.platform = numbered.platform
            and by_entry.account_id = numbered.account_id
            and by_entry.platform_object_id = numbered.platform_object_id
    left join variants as by_player
        on
            by_entry.channel = 'site_player'
            and by_entry.platform_object_id = by_player.variant_id
    left join embeds
        on
            by_entry.channel = 'site_player'
            and by_entry.platform_object_id = embeds.ref

)

select
    platform,
    account_id,
    platform_object_id,
    coalesce(platform_video_id, creative_video_id, asset_id) as platform_video_id,
    -- whom an ad is shown to is the one thing about its channel that no platform tells
    case when code_channel = 'retargeting' then code_channel else channel end as channel,
    title,
    ad_name,
    duration_seconds,
    published_date,
    url_code,
    is_listed,
    known_variant_id as variant_id,
    matched_by,
    -- an entry that waits for its object, unless a stronger rule knows another variant
    coalesce(
        placement_id,
        case when code_variant_id = known_variant_id then open_placement_id end
    ) as placement_id,
    case when code_variant_id = known_variant_id then own_code end as own_code
from matched
