{# Whom a night concerns, for each large model of the journey: see nightly.sql. Each list of
   steps ends with all that the model must read so that the rows of `touched` come out as in
   a full build; that they do is tested night by night. #}

{# Messages of files that came, went or came again. A message keeps its first arrival: what
   came in later than the row we hold is left aside, and where that row's file went, every
   other delivery of the message is looked for. #}
{% macro night_of_stg_site_events__events() %}
{% set raw = source("site_events", "events") %}
{% set pieces %}
    select
        account_id,
        file,
        _dlt_load_id as load_id,
        count(*) as lines
    from {{ raw }}
    group by account_id, file, _dlt_load_id
{% endset %}
{% set came_rows %}
    select
        events.rowid as _row,
        events.account_id,
        events.message_id,
        {{ utc('events.received_at') }} as received_at,
        events.file as file_name,
        events.row_number as line_number
    from {{ raw }} as events
    semi join (from changed_pieces where not is_gone) as pieces
        on
            events._dlt_load_id = pieces.load_id
            and events.account_id = pieces.account_id
            and events.file = pieces.file
{% endset %}
{% set gone_messages %}
    select
        events.account_id,
        events.message_id,
        events.rowid as _row
    from {{ this }} as events
    semi join (from changed_pieces where is_gone) as pieces
        on
            events.load_id = pieces.load_id
            and events.account_id = pieces.account_id
            and events.file_name = pieces.file
{% endset %}
{% set held_rows %}
    select rowid as _row from {{ this }}
    where message_id in (select message_id from came_rows)
{% endset %}
{% set held %}
    select
        rowid as _row,
        account_id,
        message_id,
        received_at,
        file_name,
        line_number
    from {{ this }}
    where rowid in (select _row from held_rows)
{% endset %}
{% set touched %}
    select
        account_id,
        message_id
    from gone_messages
    union
    select
        came_rows.account_id,
        came_rows.message_id
    from came_rows
    left join held
        on
            came_rows.account_id = held.account_id
            and came_rows.message_id = held.message_id
    where
        held.message_id is null
        or (came_rows.received_at, came_rows.file_name, came_rows.line_number)
        < (held.received_at, held.file_name, held.line_number)
{% endset %}
{% set gone_rows %}
    select _row from gone_messages
    union
    select held._row
    from held
    semi join touched
        on
            held.account_id = touched.account_id
            and held.message_id = touched.message_id
{% endset %}
{% set deliveries %}
    select * from {{ raw }}
    where rowid in (
        select _row from came_rows
        union
        select events.rowid as _row
        from {{ raw }} as events
        where events.message_id in (select message_id from gone_messages)
    )
{% endset %}
{{ return({
    "compares": {"pieces": pieces},
    "steps": [
        ("came_rows", came_rows),
        ("gone_messages", gone_messages),
        ("held_rows", held_rows),
        ("held", held),
        ("touched", touched),
        ("gone_rows", gone_rows),
        ("deliveries", deliveries),
    ],
    "dated_by": none,
    "reads": {raw | string: "deliveries"},
}) }}
{% endmacro %}

{# Visitors seen for the first time or without an e-mail until now, from their first changed
   event on; those whose first e-mail may be another now, or who may be gone, from all their
   events; and those whose e-mail belongs to another contact: what the table holds of them is
   all there is to know. #}
{% macro night_of_int_journey__persons() %}
{% set events = ref("stg_site_events__events") %}
{% set contacts %}
    select
        email_sha256,
        min(person_key) as person_key
    from {{ ref("int_journey__contacts") }}
    where email_sha256 is not null
    group by email_sha256
{% endset %}
{% set seen %}
    select
        changed.account_id,
        changed.anonymous_id,
        case
            when bool_and(held.email_sha256 is null and not changed.is_gone)
                then min(changed.since)
        end as since
    from changed_stg_site_events__events as changed
    left join {{ this }} as held
        on
            changed.account_id = held.account_id
            and changed.anonymous_id = held.anonymous_id
    where not changed.is_bot and changed.anonymous_id is not null
    group by changed.account_id, changed.anonymous_id
    having
        bool_or(held.anonymous_id is null)
        or bool_or(changed.is_gone)
        or bool_or(changed.email_sha256 <> coalesce(held.email_sha256, ''))
{% endset %}
{% set rekeyed %}
    select
        held.account_id,
        held.anonymous_id,
        held.email_sha256
    from {{ this }} as held
    anti join seen
        on
            held.account_id = seen.account_id
            and held.anonymous_id = seen.anonymous_id
    where held.email_sha256 in (select email_sha256 from changed_contacts)
{% endset %}
{% set touched %}
    select * from seen
    union all by name
    select * exclude (email_sha256) from rekeyed
{% endset %}
{% set events_of_touched %}
    {{ nightly_picked(events, "seen", ["account_id", "anonymous_id"], "event_at") }}
    union all by name
    select
        *,
        false as is_bot
    from rekeyed
{% endset %}
{{ return({
    "compares": {"contacts": contacts},
    "steps": [
        ("seen", seen),
        ("rekeyed", rekeyed),
        ("touched", touched),
        ("events_of_touched", events_of_touched),
    ],
    "reads": {events | string: "events_of_touched"},
}) }}
{% endmacro %}

{# Visits of a visitor from the first changed page on. Whether a page begins a visit hangs on
   the one before it, at most half an hour back. #}
{% macro night_of_int_journey__visits() %}
{% set events = ref("stg_site_events__events") %}
{% set touched %}
    select
        account_id,
        anonymous_id,
        min(since) as since
    from changed_stg_site_events__events
    where event = 'page' and not is_bot and anonymous_id is not null
    group by account_id, anonymous_id
{% endset %}
{% set looked_at %}
    select * replace (since - interval 30 minute as since) from touched
{% endset %}
{% set pages %}
    {{ nightly_picked(
        events, "looked_at", ["account_id", "anonymous_id"], "event_at",
        where="held.event = 'page'",
    ) }}
{% endset %}
{{ return({
    "steps": [("touched", touched), ("looked_at", looked_at), ("pages_of_touched", pages)],
    "reads": {events | string: "pages_of_touched"},
}) }}
{% endmacro %}

{# Views with a changed event; rooms opened on a day on which a play in them changed; all of a
   visitor who is new or another person now, and of a variant that is placed elsewhere. Then
   every player event of these visitors from the day on which the first of the views began. #}
{% macro night_of_int_journey__site_views() %}
{% set events = ref("stg_site_events__events") %}
{% set visitor = ["account_id", "anonymous_id"] %}
{% set is_view = "event in ('video_start', 'video_progress', 'video_complete', 'sales_room_view')" %}
{% set placements %}
    select
        variant_id,
        page_path,
        channel,
        min(placement_id) as placement_id
    from {{ ref("stg_catalogue__placements") }}
    where platform = 'site_events'
    group by variant_id, page_path, channel
{% endset %}
{% set changed_views %}
    select * from changed_stg_site_events__events
    where not is_bot and anonymous_id is not null and {{ is_view }}
{% endset %}
{% set played_in_rooms %}
    select
        account_id,
        anonymous_id,
        cast(min(event_date) as timestamp) as since
    from changed_views
    where event <> 'sales_room_view' and deal_ref is not null
    group by account_id, anonymous_id
{% endset %}
{% set moved %}
    select distinct
        account_id,
        anonymous_id
    from changed_int_journey__persons
{% endset %}
{% set other_rows %}
    {{ nightly_rows(
        events, "played_in_rooms", visitor, "event_at",
        where="held.event = 'sales_room_view'",
    ) }}
    union
    {{ nightly_rows(events, "moved", visitor, where="held." ~ is_view) }}
    union
    select rowid as _row
    from {{ events }}
    where {{ is_view }} and video_ref in (select variant_id from changed_placements)
{% endset %}
{% set concerned %}
    select
        account_id,
        view_id,
        anonymous_id,
        since
    from changed_views
    union all
    select
        account_id,
        coalesce(player_session_id, message_id) as view_id,
        anonymous_id,
        event_at as since
    from {{ events }}
    where rowid in (select _row from other_rows) and not is_bot
{% endset %}
{% set touched %}
    select
        concerned.account_id,
        concerned.view_id,
        least(min(concerned.since), min(held.viewed_at)) as since
    from concerned
    left join {{ this }} as held
        on
            concerned.account_id = held.account_id
            and concerned.view_id = held.view_id
    group by concerned.account_id, concerned.view_id
{% endset %}
{% set visitors %}
    select
        concerned.account_id,
        concerned.anonymous_id,
        date_trunc('day', min(touched.since)) as since
    from concerned
    inner join touched
        on
            concerned.account_id = touched.account_id
            and concerned.view_id = touched.view_id
    group by concerned.account_id, concerned.anonymous_id
{% endset %}
{% set player_events %}
    {{ nightly_picked(events, "visitors", visitor, "event_at", where="held." ~ is_view) }}
{% endset %}
{{ return({
    "compares": {"placements": placements},
    "steps": [
        ("changed_views", changed_views),
        ("played_in_rooms", played_in_rooms),
        ("moved", moved),
        ("other_rows", other_rows),
        ("concerned", concerned),
        ("touched", touched),
        ("visitors", visitors),
        ("player_events", player_events),
    ],
    "dated_by": "changed_views",
    "reads": {events | string: "player_events"},
}) }}
{% endmacro %}

{# Persons with a changed visit, view or click, from that day on; whole, who is new and both
   persons of a visitor who changed hands; and whoever came by a tag, saw a placement or used a
   channel that is another now. A click id counts once, so its earlier visits are read too. #}
{% macro night_of_int_journey__touches() %}
{% set visits = ref("int_journey__visits") %}
{% set views = ref("int_journey__site_views") %}
{% set persons = ref("int_journey__persons") %}
{% set clicks = ref("int_journey__email_clicks") %}
{% set tags %}
    select
        tag,
        min(placement_key) as placement_key,
        min(video_key) as video_key,
        min(variant_key) as variant_key,
        min(channel_name) as channel
    from {{ ref("int_assets__placements") }}
    where tag is not null
    group by tag
{% endset %}
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
    select account_id, anonymous_id, person_key from {{ persons }}
    union
    select account_id, anonymous_id, person_key from changed_int_journey__persons
{% endset %}
{% set concerned %}
    select
        person_key,
        cast(null as timestamp) as since
    from changed_int_journey__persons
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
    from {{ visits }} as visits
    inner join {{ persons }} as persons
        on
            visits.account_id = persons.account_id
            and visits.anonymous_id = persons.anonymous_id
    where visits.utm_content in (select tag from changed_tags)
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
{% set visit_rows %}
    {{ nightly_rows(visits, "visitors", ["account_id", "anonymous_id"], "visited_at") }}
{% endset %}
{% set click_ids %}
    select click_id from {{ visits }}
    where rowid in (select _row from visit_rows) and click_id is not null
{% endset %}
{% set visits_of_touched %}
    select * from {{ visits }}
    where rowid in (
        select _row from visit_rows
        union
        select held.rowid as _row
        from {{ visits }} as held
        where held.click_id in (select click_id from click_ids)
    )
{% endset %}
{% set views_of_touched %}
    {{ nightly_picked(views, "touched", ["person_key"], "viewed_at") }}
{% endset %}
{% set clicks_of_touched %}
    select clicks.*
    from {{ clicks }} as clicks
    semi join touched on clicks.person_key = touched.person_key
{% endset %}
{{ return({
    "compares": {
        "tags": tags,
        "placed": placed,
        "channels": channels,
        "clicks": "select * from " ~ clicks,
    },
    "steps": [
        ("owners", owners),
        ("concerned", concerned),
        ("touched", touched),
        ("visitors", visitors),
        ("visit_rows", visit_rows),
        ("click_ids", click_ids),
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

{# Paths of conversions that came, went or changed (the clock lets them go after a year), of
   accounts whose persons changed, and of persons whose touches changed; and the paths without
   conversion of those persons and of whoever became a lead or is none any more. Such a path
   reaches back from the last touch: where no changed day has one left, all are read. #}
{% macro night_of_int_journey__paths() %}
{% set touches = ref("int_journey__touches") %}
{% set conversions = ref("int_journey__conversions") %}
{% set members = ref("int_journey__account_persons") %}
{% set lead_lookback = "interval " ~ var("lead_lookback_days") ~ " day" %}
{% set persons %}
    select
        person_key,
        min(since) as since
    from changed_int_journey__touches
    group by person_key
{% endset %}
{% set persons_of %}
    select
        conversion_id,
        person_key,
        converted_at,
        lookback_days
    from {{ conversions }}
    where person_key is not null
    union all
    select
        conversions.conversion_id,
        members.person_key,
        conversions.converted_at,
        conversions.lookback_days
    from {{ conversions }} as conversions
    inner join {{ members }} as members
        on conversions.account_key = members.account_key
{% endset %}
{% set touched %}
    select
        conversion_id as path_id,
        true as is_converted
    from changed_conversions
    union
    select
        conversions.conversion_id,
        true
    from {{ conversions }} as conversions
    semi join changed_members
        on conversions.account_key = changed_members.account_key
    union
    select
        persons_of.conversion_id,
        true
    from persons_of
    inner join persons
        on
            persons_of.person_key = persons.person_key
            and persons_of.converted_at >= persons.since
    union
    select
        person_key,
        false
    from persons
    union
    select
        person_key,
        false
    from changed_leads
{% endset %}
{% set last_rows %}
    {{ nightly_rows(touches, "persons", ["person_key"], "touched_at") }}
{% endset %}
{% set reach %}
    select
        person_key,
        since - {{ lead_lookback }} as since
    from persons
    union all
    select
        person_key,
        null as since
    from persons
    where person_key not in (
        select person_key from {{ touches }}
        where rowid in (select _row from last_rows)
    )
    union all
    select
        person_key,
        null as since
    from changed_leads
    where is_gone
    union all
    select
        persons_of.person_key,
        persons_of.converted_at - to_days(persons_of.lookback_days) as since
    from persons_of
    semi join touched
        on persons_of.conversion_id = touched.path_id and touched.is_converted
{% endset %}
{% set wanted %}
    select
        person_key,
        case when bool_and(since is not null) then min(since) end as since
    from reach
    group by person_key
{% endset %}
{% set touches_of_touched %}
    {{ nightly_picked(touches, "wanted", ["person_key"], "touched_at", recent_days=140) }}
{% endset %}
{% set conversions_of_touched %}
    select conversions.*
    from {{ conversions }} as conversions
    semi join touched
        on conversions.conversion_id = touched.path_id and touched.is_converted
{% endset %}
{{ return({
    "compares": {
        "conversions": "select * from " ~ conversions,
        "members": "select * from " ~ members,
        "leads": "select person_key from " ~ ref("int_journey__leads"),
    },
    "steps": [
        ("persons", persons),
        ("persons_of", persons_of),
        ("touched", touched),
        ("last_rows", last_rows),
        ("reach", reach),
        ("wanted", wanted),
        ("touches_of_touched", touches_of_touched),
        ("conversions_of_touched", conversions_of_touched),
    ],
    "dated_by": "persons",
    "reads": {
        touches | string: "touches_of_touched",
        conversions | string: "conversions_of_touched",
    },
}) }}
{% endmacro %}
