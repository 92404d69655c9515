{# Visitors seen for the first time or without a name until now, from their first changed event
   on; those whose first name may be another now, or who may be gone, from all their events; and
   those whose address or login belongs to another person: what the table holds of them is all
   there is to know. #}
{% macro night_of_int_journey__persons() %}
{% set events = ref("stg_site_events__events") %}
{% set seen %}
    select
        changed.account_id,
        changed.anonymous_id,
        case
            when
                bool_and(
                    held.email_sha256 is null and held.user_id is null and not changed.is_gone
                )
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
        or bool_or(held.email_sha256 is null and changed.user_id <> coalesce(held.user_id, ''))
{% endset %}
{% set rekeyed %}
    select
        held.account_id,
        held.anonymous_id,
        held.email_sha256,
        held.user_id
    from {{ this }} as held
    anti join seen
        on
            held.account_id = seen.account_id
            and held.anonymous_id = seen.anonymous_id
    where
        held.email_sha256 in (
            select identity_id from changed_known
            where identity_kind = 'address'
        )
        or (held.account_id, held.user_id) in (
            select
                account_id,
                identity_id
            from changed_known
            where identity_kind = 'login'
        )
{% endset %}
{% set touched %}
    select * from seen
    union all by name
    select * exclude (email_sha256, user_id) from rekeyed
{% endset %}
{% set events_of_touched %}
    {{ nightly_picked(
        events, "seen", ["account_id", "anonymous_id"], "event_at", "anonymous_id",
        columns="account_id, anonymous_id, message_id, event_at, email_sha256, user_id, is_bot",
    ) }}
    union all by name
    select
        *,
        false as is_bot
    from rekeyed
{% endset %}
{{ return({
    "compares": {"known": persons_by_name()},
    "steps": [
        ("seen", seen),
        ("rekeyed", rekeyed),
        ("touched", touched),
        ("events_of_touched", events_of_touched),
    ],
    "dated_by": ["seen"],
    "reads": {events | string: "events_of_touched"},
}) }}
{% endmacro %}

{# For those who follow: visitors who are another person now, or are gone. Who is new has
   changed events alone, by which he is found. #}
{% macro moved_visitors() %}
    select
        account_id,
        anonymous_id,
        visitor_key
    from changed_int_journey__persons
    group by account_id, anonymous_id, visitor_key
    having count(distinct (person_key, is_identified)) > 1 or bool_and(is_gone)
{% endmacro %}

{# Who they are and were. #}
{% macro persons_of_moved() %}
    select distinct changed.person_key
    from changed_int_journey__persons as changed
    semi join moved
        on changed.visitor_key = moved.visitor_key
{% endmacro %}
