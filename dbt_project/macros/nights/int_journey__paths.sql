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
{% set with_last %}
    {{ nightly_picked(
        touches, "persons", ["person_key"], "touched_at", "person_key", columns="held.person_key"
    ) }}
{% endset %}
{% set without_last %}
    select person_key from persons
    where person_key not in (select person_key from with_last)
    union
    select person_key from changed_leads
    where is_gone
{% endset %}
{% set reach %}
    select
        person_key,
        since - {{ lead_lookback }} as since
    from persons
    union all
    select
        person_key,
        max(touched_at) - {{ lead_lookback }} as since
    from (
        {{ nightly_picked(
            touches, "without_last", ["person_key"], hashed="person_key",
            columns="held.person_key, held.touched_at",
        ) }}
    )
    group by person_key
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
        min(since) as since
    from reach
    group by person_key
{% endset %}
{% set touches_of_touched %}
    {{ nightly_picked(
        touches, "wanted", ["person_key"], "touched_at", "person_key",
        columns="held.* exclude (_row, person_key_hash, visitor_key, load_id)",
    ) }}
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
        ("with_last", with_last),
        ("without_last", without_last),
        ("reach", reach),
        ("wanted", wanted),
        ("touches_of_touched", touches_of_touched),
        ("conversions_of_touched", conversions_of_touched),
    ],
    "dated_by": ["persons", "wanted"],
    "reads": {
        touches | string: "touches_of_touched",
        conversions | string: "conversions_of_touched",
    },
}) }}
{% endmacro %}
