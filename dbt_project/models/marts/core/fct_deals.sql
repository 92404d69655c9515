-- One row per deal with the part that video had in it: first touch, any qualified view in
-- the lookback, a view before evaluation, a testimonial seen. Only what was seen BEFORE counts.
with

deals as (

    select * from {{ ref('int_journey__deals') }}

),

members as (

    select * from {{ ref('int_journey__account_persons') }}

),

persons as (

    select
        person_key,
        max(case when is_identified then 1 else 0 end) = 1 as is_identified
    from {{ ref('int_journey__persons') }}
    group by person_key

),

views as (

    select
        views.*,
        placements.video_key,
        videos.objective
    from {{ ref('int_journey__site_views') }} as views
    left join {{ ref('int_assets__placements') }} as placements
        on
            placements.platform = 'site_events'
            and views.account_id = placements.account_id
            and views.platform_object_id = placements.platform_object_id
    left join {{ ref('dim_videos') }} as videos
        on placements.video_key = videos.video_key
    where views.is_qualified

),

seen as (

    select
        deals.account_id,
        deals.deal_id,
        max(case
            when
                views.viewed_at >= coalesce(deals.closed_at, views.viewed_at)
                - to_days({{ var('influence_lookback_days') }}) then 1
            else 0
        end) as has_view,
        max(case when views.viewed_at < deals.evaluation_at then 1 else 0 end)
            as saw_before_evaluation,
        max(case when views.objective = 'credibility' then 1 else 0 end) as saw_testimonial
    from deals
    inner join members
        on deals.account_key = members.account_key
    inner join views
        on
            members.person_key = views.person_key
            and views.viewed_at <= coalesce(deals.closed_at, views.viewed_at)
    group by deals.account_id, deals.deal_id

),

identified as (

    select
        members.account_key,
        max(case when persons.is_identified then 1 else 0 end) as has_identified_viewer
    from members
    inner join persons
        on members.person_key = persons.person_key
    group by members.account_key

),

first_touch as (

    select
        path_id,
        channel,
        video_key
    from {{ ref('int_journey__paths') }}
    where conversion_type = 'opportunity' and is_converted and position = 1

),

channels as (

    select * from {{ ref('journey_channels') }}

)

select
    deals.account_id,
    deals.deal_id,
    deals.account_key,
    deals.created_date,
    deals.closed_date,
    deals.evaluation_at,
    cast(deals.evaluation_at as date) as evaluation_date,
    deals.stage_name,
    deals.is_won,
    deals.is_closed,
    deals.amount_native,
    deals.currency_code,
    deals.amount_usd,
    deals.is_unconverted,
    deals.first_contact_date,
    deals.cycle_days,
    deals.is_negative_velocity,
    first_touch.channel as first_touch_channel,
    first_touch.video_key as first_touch_video_key,
    coalesce(channels.is_video, false) as is_video_sourced,
    coalesce(seen.has_view, 0) = 1 as is_video_influenced,
    coalesce(seen.saw_before_evaluation, 0) = 1 as is_exposed,
    coalesce(seen.saw_testimonial, 0) = 1 as has_testimonial_view,
    coalesce(identified.has_identified_viewer, 0) = 1 as has_identified_viewer
from deals
left join seen
    on deals.account_id = seen.account_id and deals.deal_id = seen.deal_id
left join identified
    on deals.account_key = identified.account_key
left join first_touch
    on {{ key(["'opportunity'", 'deals.account_id', 'deals.deal_id']) }} = first_touch.path_id
left join channels
    on first_touch.channel = channels.channel
