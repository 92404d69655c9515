-- One row per site placement and UTC day: player loads as impressions, starts, quartiles; and
-- per variant of another player and day that the site's own tracker did not see.
{{ config(
    materialized='nightly',
    key=['performance_date'],
    follows=['stg_site_events__events', 'int_journey__site_views'],
) }}
with

views as (

    select * from {{ ref('int_journey__site_views') }}

),

loads as (

    select
        account_id,
        video_ref,
        page_path,
        deal_ref is not null as is_sales_room,
        cast(event_at as date) as performance_date,
        count(*) as player_loads,
        max(load_id) as load_id
    from {{ ref('stg_site_events__events') }}
    where not is_bot and event = 'player_load'
    group by 1, 2, 3, 4, 5

),

placements as (

    {{ placements_by_page() }}

),

loaded as (

    select
        loads.account_id,
        coalesce(placements.placement_id, loads.video_ref, 'unknown') as platform_object_id,
        loads.performance_date,
        cast(sum(loads.player_loads) as bigint) as impressions,
        max(loads.load_id) as load_id
    from loads
    left join placements
        on
            loads.video_ref = placements.variant_id
            and (
                (loads.is_sales_room and placements.channel = 'sales_room')
                or (
                    not loads.is_sales_room
                    and placements.channel = 'site_player'
                    and loads.page_path = placements.page_path
                )
            )
    group by 1, 2, loads.performance_date

),

played as (

    select
        account_id,
        platform_object_id,
        viewed_date as performance_date,
        count(*) as starts,
        count(*) filter (where watch_share >= 0.25) as p25_plays,
        count(*) filter (where watch_share >= 0.5) as p50_plays,
        count(*) filter (where watch_share >= 0.75) as p75_plays,
        count(*) filter (where watch_share >= 0.97) as p100_plays,
        sum(watch_seconds) as watch_seconds,
        max(load_id) as load_id
    from views
    group by account_id, platform_object_id, viewed_date

),

players as (

    -- days that the tracker did not see; a player's loads are unknown
    select
        platform,
        account_id,
        coalesce(variant_id, media_id) as platform_object_id,
        'site_player' as channel,
        performance_date,
        day_zone,
        cast(null as bigint) as impressions,
        views_definition,
        views_threshold_seconds,
        views_basis,
        cast(sum(starts) as bigint) as views,
        cast(sum(starts) as bigint) as starts,
        cast(sum(p25_plays) as bigint) as p25_plays,
        cast(sum(p50_plays) as bigint) as p50_plays,
        cast(sum(p75_plays) as bigint) as p75_plays,
        cast(sum(p100_plays) as bigint) as p100_plays,
        sum(watch_seconds) as watch_seconds,
        max(load_id) as load_id
    from {{ ref('int_journey__player_plays_daily') }}
    where is_believed
    group by all

)

select
    'site_events' as platform,
    coalesce(loaded.account_id, played.account_id) as account_id,
    coalesce(loaded.platform_object_id, played.platform_object_id) as platform_object_id,
    'site_player' as channel,  -- the catalogue knows which of them is a sales room
    coalesce(loaded.performance_date, played.performance_date) as performance_date,
    'UTC' as day_zone,
    coalesce(loaded.impressions, 0) as impressions,
    'site_player_starts' as views_definition,
    cast(0 as double) as views_threshold_seconds,
    'start' as views_basis,
    coalesce(played.starts, 0) as views,
    coalesce(played.starts, 0) as starts,
    coalesce(played.p25_plays, 0) as p25_plays,
    coalesce(played.p50_plays, 0) as p50_plays,
    coalesce(played.p75_plays, 0) as p75_plays,
    coalesce(played.p100_plays, 0) as p100_plays,
    coalesce(played.watch_seconds, 0) as watch_seconds,
    coalesce(played.load_id, loaded.load_id) as load_id
from loaded
full outer join played
    on
        loaded.account_id = played.account_id
        and loaded.platform_object_id = played.platform_object_id
        and loaded.performance_date = played.performance_date
union all
select
    platform,
    account_id,
    platform_object_id,
    channel,
    performance_date,
    day_zone,
    impressions,
    views_definition,
    views_threshold_seconds,
    views_basis,
    views,
    starts,
    p25_plays,
    p50_plays,
    p75_plays,
    p100_plays,
    watch_seconds,
    load_id
from players
