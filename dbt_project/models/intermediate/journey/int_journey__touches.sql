-- One row per touch of a person: a visit with its origin, or a qualified-or-not video view.
-- A tab opened again repeats its click id: that is one touch, the first. A click in an e-mail
-- is a touch where no visit of that person and day came of it.
{{ config(
    materialized='nightly',
    key=['person_key'],
    at='touched_at',
    hashed='person_key',
    follows=['int_journey__visits', 'int_journey__site_views', 'int_journey__persons'],
    logs=['person_key'],
) }}
with

visits as (

    select * from {{ ref('int_journey__visits') }}

),

views as (

    select * from {{ ref('int_journey__site_views') }}

),

persons as (

    select * from {{ ref('int_journey__persons') }}

),

placements as (

    select * from {{ ref('int_assets__placements') }}

),

tags as (

    {{ placements_by_tag() }}

),

channels as (

    select * from {{ ref('journey_channels') }}

),

numbered as (

    select
        visits.*,
        row_number() over (
            partition by
                persons.person_key,
                coalesce(visits.click_id, visits.visit_id)
            order by visits.visited_at, visits.visit_id
        ) as click_number,
        persons.person_key,
        persons.visitor_key
    from visits
    inner join persons
        on
            visits.account_id = persons.account_id
            and visits.anonymous_id = persons.anonymous_id

),

visit_touches as (

    select
        {{ key(["'visit'", 'numbered.visit_id']) }} as touch_id,
        numbered.person_key,
        numbered.visitor_key,
        numbered.visited_at as touched_at,
        coalesce(tags.channel, numbered.channel) as channel,
        case
            when numbered.utm_source is not null or numbered.click_id is not null
                then 'click'
            else 'visit'
        end as interaction,
        tags.video_key,
        tags.variant_key,
        tags.placement_key,
        cast(null as double) as watch_share,
        numbered.load_id
    from numbered
    left join tags
        on numbered.utm_content = tags.tag
    where numbered.click_number = 1

),

view_touches as (

    select
        {{ key(["'view'", 'views.view_id']) }} as touch_id,
        views.person_key,
        views.visitor_key,
        views.viewed_at as touched_at,
        case when views.is_sales_room then 'sales_room' else 'site_player' end as channel,
        'view' as interaction,
        placements.video_key,
        placements.variant_key,
        placements.placement_key,
        views.watch_share,
        views.load_id
    from views
    left join placements
        on
            placements.platform = 'site_events'
            and views.account_id = placements.account_id
            and views.platform_object_id = placements.platform_object_id

),

email_clicks as (

    select * from {{ ref('int_journey__email_clicks') }}

),

arrived as (

    select distinct
        person_key,
        cast(touched_at as date) as touched_date
    from visit_touches
    where channel = 'email'

),

email_touches as (

    -- the visit that a click led to is the same touch: only what no tracker saw is added
    select
        {{ key(["'email'", 'clicks.platform', 'clicks.account_id', 'clicks.click_id']) }}
            as touch_id,
        clicks.person_key,
        cast(null as varchar) as visitor_key,
        clicks.clicked_at as touched_at,
        'email' as channel,
        'click' as interaction,
        tags.video_key,
        tags.variant_key,
        tags.placement_key,
        cast(null as double) as watch_share,
        clicks.load_id
    from email_clicks as clicks
    left join arrived
        on
            clicks.person_key = arrived.person_key
            and cast(clicks.clicked_at as date) = arrived.touched_date
    left join tags
        on clicks.utm_content = tags.tag
    where arrived.person_key is null

),

touches as (

    select * from visit_touches
    union all
    select * from view_touches
    union all
    select * from email_touches

)

select
    touches.touch_id,
    touches.person_key,
    {{ lookup_hash('touches.person_key') }} as person_key_hash,
    touches.visitor_key,
    touches.touched_at,
    touches.channel,
    touches.interaction,
    touches.video_key,
    touches.variant_key,
    touches.placement_key,
    touches.watch_share,
    coalesce(channels.is_null_channel, false) as is_null_channel,
    touches.load_id
from touches
left join channels
    on touches.channel = channels.channel
