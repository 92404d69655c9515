{# Views with a changed event; rooms opened on a day on which a play in them changed; all of a
   visitor who changed hands, and of a variant that is placed elsewhere. Then every player event
   of these visitors from the day on which the first of the views began. #}
{% macro night_of_int_journey__site_views() %}
{% set events = ref("stg_site_events__events") %}
{% set visitor = ["account_id", "anonymous_id"] %}
{% set is_view = "event in ('video_start', 'video_progress', 'video_complete', 'sales_room_view')" %}
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
{% set rooms %}
    {{ nightly_picked(
        events, "played_in_rooms", visitor, "event_at", "anonymous_id",
        where="held.event = 'sales_room_view' and not held.is_bot",
    ) }}
{% endset %}
{% set placed_elsewhere %}
    select * from {{ events }}
    where
        {{ is_view }}
        and not is_bot
        and anonymous_id is not null
        and video_ref in (select variant_id from changed_placements)
{% endset %}
{# a moved visitor's views are told apart by who he was #}
{% set moved_views %}
    {{ nightly_picked(
        this, "moved_persons", ["person_key"], hashed="person_key",
        columns="account_id, view_id, visitor_key, viewed_at",
    ) }}
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
    from (from rooms union all from placed_elsewhere)
    union all
    select
        held.account_id,
        held.view_id,
        moved.anonymous_id,
        held.viewed_at as since
    from moved_views as held
    inner join moved
        on held.visitor_key = moved.visitor_key
{% endset %}
{% set held_views %}
    {{ nightly_picked(
        this, "concerned", ["account_id", "view_id"], hashed="view_id",
        columns="_row, account_id, view_id, viewed_at",
    ) }}
{% endset %}
{% set touched %}
    select
        concerned.account_id,
        concerned.view_id,
        least(min(concerned.since), min(held.viewed_at)) as since
    from concerned
    left join held_views as held
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
    {{ nightly_picked(
        events, "visitors", visitor, "event_at", "anonymous_id", where="held." ~ is_view,
        columns="account_id, anonymous_id, player_session_id, message_id, event, event_at, "
        ~ "video_ref, page_path, deal_ref, quartile, position_seconds, total_seconds, is_bot, load_id",
    ) }}
{% endset %}
{{ return({
    "compares": {"placements": placements_by_page()},
    "steps": [
        ("changed_views", changed_views),
        ("played_in_rooms", played_in_rooms),
        ("moved", moved_visitors()),
        ("moved_persons", persons_of_moved()),
        ("moved_views", moved_views),
        ("rooms", rooms),
        ("placed_elsewhere", placed_elsewhere),
        ("concerned", concerned),
        ("held_views", held_views),
        ("gone_rows", "select _row from held_views"),
        ("touched", touched),
        ("visitors", visitors),
        ("player_events", player_events),
    ],
    "dated_by": ["played_in_rooms", "visitors"],
    "reads": {events | string: "player_events"},
}) }}
{% endmacro %}
