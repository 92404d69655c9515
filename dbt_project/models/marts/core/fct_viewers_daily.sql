-- One row per video, person and day of viewing on the site, and whether the person had seen
-- any video in the four weeks before. Viewers are never added over days: viewer-days are.
with

views as (

    select distinct
        placements.video_key,
        placements.channel_name as channel,
        views.person_key,
        views.viewed_date
    from {{ ref('int_journey__site_views') }} as views
    inner join {{ ref('int_assets__placements') }} as placements
        on
            placements.platform = 'site_events'
            and views.account_id = placements.account_id
            and views.platform_object_id = placements.platform_object_id

),

person_days as (

    select distinct
        person_key,
        viewed_date
    from views

),

previous as (

    select
        person_key,
        viewed_date,
        lag(viewed_date) over (partition by person_key order by viewed_date) as last_viewed_date
    from person_days

)

select
    views.video_key,
    views.channel,
    views.person_key,
    views.viewed_date as kpi_date,
    case
        when
            previous.last_viewed_date
            >= views.viewed_date - {{ var('returning_viewer_days') }} then 1
        else 0
    end as is_returning
from views
inner join previous
    on views.person_key = previous.person_key and views.viewed_date = previous.viewed_date
