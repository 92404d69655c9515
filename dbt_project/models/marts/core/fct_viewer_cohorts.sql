-- One row per video and person, at the first qualified view: became a lead within the window,
-- came back within four weeks, got active. Windows that are still open are null, not 0.
with

views as (

    select
        views.*,
        placements.video_key,
        placements.channel_name as channel
    from {{ ref('int_journey__site_views') }} as views
    inner join {{ ref('int_assets__placements') }} as placements
        on
            placements.platform = 'site_events'
            and views.account_id = placements.account_id
            and views.platform_object_id = placements.platform_object_id
    where views.is_qualified

),

firsts as (

    select
        video_key,
        person_key,
        min(channel) as channel,
        min(viewed_at) as first_viewed_at,
        min(viewed_at) filter (where watch_share >= {{ var('onboarding_share') }})
            as first_deep_view_at
    from views
    group by video_key, person_key

),

videos as (

    select * from {{ ref('dim_videos') }}

),

leads as (

    select * from {{ ref('int_journey__leads') }}

),

activations as (

    select
        persons.person_key,
        min(events.event_at) as activated_at
    from {{ ref('stg_site_events__events') }} as events
    inner join {{ ref('int_journey__persons') }} as persons
        on
            events.account_id = persons.account_id
            and events.anonymous_id = persons.anonymous_id
    where events.event = 'activated'
    group by persons.person_key

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    firsts.video_key,
    firsts.channel,
    firsts.person_key,
    cast(firsts.first_viewed_at as date) as kpi_date,
    case
        when leads.lead_at < firsts.first_viewed_at then null  -- already a lead
        when
            cast(firsts.first_viewed_at as date)
            > clock.as_of - {{ var('view_to_lead_days') }} then null
        when
            leads.lead_at
            < firsts.first_viewed_at + to_days({{ var('view_to_lead_days') }}) then 1
        else 0
    end as became_lead,
    case
        when videos.objective <> 'retention' or firsts.first_deep_view_at is null then null
        when activations.activated_at < firsts.first_deep_view_at then null
        when
            cast(firsts.first_deep_view_at as date)
            > clock.as_of - {{ var('onboarding_activation_days') }} then null
        when
            activations.activated_at
            < firsts.first_deep_view_at + to_days({{ var('onboarding_activation_days') }}) then 1
        else 0
    end as became_active
from firsts
cross join clock
left join videos
    on firsts.video_key = videos.video_key
left join leads
    on firsts.person_key = leads.person_key
left join activations
    on firsts.person_key = activations.person_key
