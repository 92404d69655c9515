{# The last quartile that a player event passed: as its tracker said, else from the position.
   A start is 0, an end 100; what is no player event, or says nothing, is null. #}
{% macro reached_quartile(event, percentage, position, total) -%}
    case
        when {{ event }} = 'video_complete' then 100
        when {{ event }} = 'video_start' then 0
        when {{ event }} = 'video_progress'
            then cast(floor(
                coalesce(
                    {{ percentage }},
                    100 * least({{ position }}, {{ total }}) / nullif({{ total }}, 0)
                ) / 25
            ) * 25 as integer)
    end
{%- endmacro %}

{# Whether a user agent calls itself a program: crawlers, previews, monitors, test drivers. #}
{% macro is_robot(user_agent) -%}
    coalesce(
        regexp_matches(
            lower({{ user_agent }}),
            '(bot\b|bot/|crawl|spider|slurp|headless|lighthouse|preview|monitor|phantom'
            || '|python-requests|curl/|wget/|facebookexternalhit)'
        )
        and not regexp_matches(lower({{ user_agent }}), 'cubot'),
        false
    )
{%- endmacro %}
