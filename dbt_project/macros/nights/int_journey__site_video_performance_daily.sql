{# Days with a player that was loaded, a view that came, went or changed, or another count of a
   player's own; every day where the catalogue places a variant elsewhere. #}
{% macro night_of_int_journey__site_video_performance_daily() %}
{% set events = ref("stg_site_events__events") %}
{% set views = ref("int_journey__site_views") %}
{% set touched %}
    select event_date as performance_date from changed_stg_site_events__events
    where event = 'player_load' and not is_bot
    union
    select viewed_date from changed_int_journey__site_views
    union
    select performance_date from changed_plays
    union
    select performance_date from {{ this }}
    where exists (select 1 from changed_placements)
{% endset %}
{% set loads_of_touched %}
    select * from {{ events }}
    where
        event = 'player_load'
        and event_at >= (select min(performance_date) from touched)
        and cast(event_at as date) in (select performance_date from touched)
{% endset %}
{% set views_of_touched %}
    select
        account_id,
        platform_object_id,
        viewed_date,
        watch_share,
        watch_seconds,
        load_id
    from {{ views }}
    where
        viewed_at >= (select min(performance_date) from touched)
        and viewed_date in (select performance_date from touched)
{% endset %}
{{ return({
    "compares": {
        "placements": placements_by_page(),
        "plays": "select * from " ~ ref("int_journey__player_plays_daily") ~ " where is_believed",
    },
    "steps": [
        ("touched", touched),
        ("loads_of_touched", loads_of_touched),
        ("views_of_touched", views_of_touched),
    ],
    "dated_by": [],
    "reads": {events | string: "loads_of_touched", views | string: "views_of_touched"},
}) }}
{% endmacro %}
