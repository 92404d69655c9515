-- One row per platform object that carries a video (a post, an ad, a player on a page), as
-- its platform shows it or as its figures prove it. Who it belongs to is the next model.
with

listed as (

    {{ union_family('video_objects', 'video_objects', 'objects', 'object_id') }}

),

medias as (

    {{ union_rows('players', 'medias', 'medias') }}

),

known as (

    select *
    from listed
    union all by name
    -- a player's media is an object only where its plays count; then it has a name
    select
        platform,
        account_id,
        media_id as platform_object_id,
        media_id as asset_id,
        name as title,
        duration_seconds
    from medias

),

performance as (

    select
        platform,
        account_id,
        platform_object_id,
        channel
    from {{ ref('int_social__video_performance_daily') }}
    union all
    select
        platform,
        account_id,
        platform_object_id,
        channel
    from {{ ref('int_paid__video_performance_daily') }}
    union all
    select
        platform,
        account_id,
        platform_object_id,
        channel
    from {{ ref('int_journey__site_video_performance_daily') }}

),

every_object as (

    select
        platform,
        account_id,
        platform_object_id,
        min(channel) as channel
    from (
        select
            platform,
            account_id,
            platform_object_id,
            channel
        from listed
        union all
        select * from performance
    ) as told
    group by platform, account_id, platform_object_id

)

select
    every_object.platform,
    every_object.account_id,
    every_object.platform_object_id,
    known.platform_video_id,
    known.creative_video_id,
    known.asset_id,
    every_object.channel,
    known.title,
    known.ad_name,
    known.duration_seconds,
    known.published_date,
    known.url_tags,
    known.platform_object_id is not null as is_listed  -- gone from the platform otherwise
from every_object
left join known
    on
        every_object.platform = known.platform
        and every_object.account_id = known.account_id
        and every_object.platform_object_id = known.platform_object_id
