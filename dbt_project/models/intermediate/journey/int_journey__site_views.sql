-- One row per video view on the site or in a sales room: a player session, with how much was
-- watched. Depth is the furthest quartile or position, whichever is more. A room that was
-- opened is a view of its own only where no player tells of one.
{{ config(
    materialized='nightly',
    key=['account_id', 'view_id'],
    at='viewed_at',
    follows=['stg_site_events__events', 'int_journey__persons'],
    logs=['person_key', 'viewed_date'],
) }}
with

every_event as (

    select
        *,
        cast(event_at as date) as event_date
    from {{ ref('stg_site_events__events') }}
    where
        not is_bot
        and event in ('video_start', 'video_progress', 'video_complete', 'sales_room_view')

),

played_in_rooms as (

    select distinct
        account_id,
        anonymous_id,
        deal_ref,
        video_ref,
        event_date
    from every_event
    where event <> 'sales_room_view' and deal_ref is not null

),

events as (

    select every_event.*
    from every_event
    left join played_in_rooms
        on
            every_event.account_id = played_in_rooms.account_id
            and every_event.anonymous_id = played_in_rooms.anonymous_id
            and every_event.deal_ref = played_in_rooms.deal_ref
            and every_event.video_ref = played_in_rooms.video_ref
            and every_event.event_date = played_in_rooms.event_date
    where every_event.event <> 'sales_room_view' or played_in_rooms.deal_ref is null

),

placements as (

    {{ placements_by_page() }}

),

rooms as (

    -- a room has no page to tell two entries of a variant apart
    select
        variant_id,
        min(placement_id) as placement_id
    from placements
    where channel = 'sales_room'
    group by variant_id

),

persons as (

    select * from {{ ref('int_journey__persons') }}

),

sessions as (

    select
        account_id,
        anonymous_id,
        coalesce(player_session_id, message_id) as view_id,
        min(video_ref) as video_ref,
        min(page_path) as page_path,
        min(deal_ref) as deal_ref,
        min(event_at) as viewed_at,
        max(case when event = 'sales_room_view' or deal_ref is not null then 1 else 0 end) = 1
            as is_sales_room,
        max(total_seconds) as total_seconds,
        max(greatest(
            coalesce(quartile / 100.0, 0),
            coalesce(position_seconds / nullif(total_seconds, 0), 0)
        )) as deepest_share,
        max(load_id) as load_id
    from events
    group by account_id, anonymous_id, coalesce(player_session_id, message_id)

),

placed as (

    select
        sessions.*,
        coalesce(on_page.placement_id, rooms.placement_id) as placement_id
    from sessions
    left join placements as on_page
        on
            sessions.video_ref = on_page.variant_id
            and sessions.page_path = on_page.page_path
            and on_page.channel = 'site_player'
            and not sessions.is_sales_room
    left join rooms
        on sessions.video_ref = rooms.variant_id and sessions.is_sales_room

)

select
    placed.account_id,
    placed.view_id,
    {{ lookup_hash('placed.view_id') }} as view_id_hash,
    persons.person_key,
    {{ lookup_hash('persons.person_key') }} as person_key_hash,
    persons.visitor_key,
    persons.is_identified,
    coalesce(placed.placement_id, placed.video_ref, 'unknown') as platform_object_id,
    placed.video_ref,
    placed.page_path,
    placed.deal_ref,
    placed.viewed_at,
    cast(placed.viewed_at as date) as viewed_date,
    placed.is_sales_room,
    placed.total_seconds,
    least(placed.deepest_share, 1.0) as watch_share,
    least(placed.deepest_share, 1.0) * placed.total_seconds as watch_seconds,
    least(placed.deepest_share, 1.0) >= {{ var('qualified_view_share') }}
    or least(placed.deepest_share, 1.0) * placed.total_seconds
    >= {{ var('qualified_view_seconds') }} as is_qualified,
    placed.load_id
from placed
inner join persons
    on
        placed.account_id = persons.account_id
        and placed.anonymous_id = persons.anonymous_id
