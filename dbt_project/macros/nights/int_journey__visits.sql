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
        events, "looked_at", ["account_id", "anonymous_id"], "event_at", "anonymous_id",
        where="held.event = 'page'",
    ) }}
{% endset %}
{{ return({
    "steps": [("touched", touched), ("looked_at", looked_at), ("pages_of_touched", pages)],
    "dated_by": ["looked_at"],
    "reads": {events | string: "pages_of_touched"},
}) }}
{% endmacro %}
