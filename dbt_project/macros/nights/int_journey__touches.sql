{# Persons with a changed visit, view or click, from that day on; both persons of a visitor who
   changed hands, from the visitor's first visit on; and whoever came by a tag, saw a placement
   or used a channel that is another now. A click id counts once, so its earlier visits are read too. #}
{% macro night_of_int_journey__touches() %}
{% set visits = ref("int_journey__visits") %}
{% set views = ref("int_journey__site_views") %}
{% set persons = ref("int_journey__persons") %}
{% set clicks = ref("int_journey__email_clicks") %}
{% set placed %}
    select
        account_id,
        platform_object_id,
        placement_key,
        video_key,
        variant_key
    from {{ ref("int_assets__placements") }}
    where platform = 'site_events'
{% endset %}
{% set channels %}
    select
        channel,
        is_null_channel
    from {{ ref("journey_channels") }}
{% endset %}
{% set owners %}
    select persons.account_id, persons.anonymous_id, persons.person_key
    from {{ persons }} as persons
    semi join changed_int_journey__visits as visits
        on
            persons.account_id = visits.account_id
            and persons.anonymous_id = visits.anonymous_id
    union
    select account_id, anonymous_id, person_key from changed_int_journey__persons
{% endset %}
{% set moved_visits %}
    select
        moved.visitor_key,
        min(visits.visited_at) as since
    from (
        {{ nightly_picked(
            visits, "moved", ["account_id", "anonymous_id"], hashed="anonymous_id",
            columns="account_id, anonymous_id, visited_at",
        ) }}
    ) as visits
    inner join moved
        on
            visits.account_id = moved.account_id
            and visits.anonymous_id = moved.anonymous_id
    group by moved.visitor_key
{% endset %}
{% set tagged_visits %}
    select account_id, anonymous_id, visited_at from {{ visits }}
    where utm_content in (select tag from changed_tags)
{% endset %}
{% set concerned %}
    select
        persons.person_key,
        moved_visits.since
    from changed_int_journey__persons as persons
    inner join moved_visits
        on persons.visitor_key = moved_visits.visitor_key
    union all
    select
        owners.person_key,
        visits.since
    from changed_int_journey__visits as visits
    inner join owners
        on
            visits.account_id = owners.account_id
            and visits.anonymous_id = owners.anonymous_id
    union all
    select
        person_key,
        since
    from changed_int_journey__site_views
    union all
    select
        person_key,
        clicked_at
    from changed_clicks
    union all
    select
        persons.person_key,
        visits.visited_at
    from tagged_visits as visits
    inner join {{ persons }} as persons
        on
            visits.account_id = persons.account_id
            and visits.anonymous_id = persons.anonymous_id
    union all
    select
        views.person_key,
        views.viewed_at
    from {{ views }} as views
    semi join changed_placed
        on
            views.account_id = changed_placed.account_id
            and views.platform_object_id = changed_placed.platform_object_id
    union all
    select
        person_key,
        touched_at
    from {{ this }}
    where channel in (select channel from changed_channels)
{% endset %}
{% set touched %}
    select
        person_key,
        case when bool_and(since is not null) then date_trunc('day', min(since)) end as since
    from concerned
    group by person_key
{% endset %}
{% set visitors %}
    select
        persons.account_id,
        persons.anonymous_id,
        persons.visitor_key,
        touched.*
    from {{ persons }} as persons
    inner join touched
        on persons.person_key = touched.person_key
{% endset %}
{% set visits_found %}
    {{ nightly_picked(
        visits, "visitors", ["account_id", "anonymous_id"], "visited_at", "anonymous_id",
        columns="held.*",
    ) }}
{% endset %}
{% set clicked_before %}
    select rowid as _row from {{ visits }}
    where click_id in (select click_id from visits_found)
    except
    select _row from visits_found
{% endset %}
{% set visits_of_touched %}
    select * exclude (_row) from visits_found
    union all
    select * from {{ visits }}
    where rowid in (select _row from clicked_before)
{% endset %}
{% set views_of_touched %}
    {{ nightly_picked(views, "touched", ["person_key"], "viewed_at", "person_key") }}
{% endset %}
{% set clicks_of_touched %}
    select clicks.*
    from {{ clicks }} as clicks
    semi join touched on clicks.person_key = touched.person_key
{% endset %}
{{ return({
    "compares": {
        "tags": placements_by_tag(),
        "placed": placed,
        "channels": channels,
        "clicks": "select * from " ~ clicks,
    },
    "steps": [
        ("moved", moved_visitors()),
        ("moved_visits", moved_visits),
        ("owners", owners),
        ("tagged_visits", tagged_visits),
        ("concerned", concerned),
        ("touched", touched),
        ("visitors", visitors),
        ("visits_found", visits_found),
        ("clicked_before", clicked_before),
        ("visits_of_touched", visits_of_touched),
        ("views_of_touched", views_of_touched),
        ("persons_of_touched", "select * from visitors"),
        ("clicks_of_touched", clicks_of_touched),
    ],
    "reads": {
        visits | string: "visits_of_touched",
        views | string: "views_of_touched",
        persons | string: "persons_of_touched",
        clicks | string: "clicks_of_touched",
    },
}) }}
{% endmacro %}
