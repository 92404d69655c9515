{# Every difference between SQL dialects is one macro here. Written for DuckDB. #}

{# The text at a path of JSON text, null where absent. #}
{% macro json_text(column, path) -%}
    json_extract_string({{ column }}, '{{ path }}')
{%- endmacro %}

{# Whole days from one date to another (calendar dates, not hours). #}
{% macro days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{# Seconds between two timestamps, fractions kept. #}
{% macro seconds_between(first, last) -%}
    (epoch_us({{ last }}) - epoch_us({{ first }})) / 1000000.0
{%- endmacro %}

{# A UTC timestamp without zone: the public type of every `_at`. #}
{% macro utc(column) -%}
    cast({{ column }} at time zone 'UTC' as timestamp)
{%- endmacro %}

{# The calendar date of a UTC timestamp in a zone. #}
{% macro local_date(column, zone) -%}
    cast(timezone({{ zone }}, timezone('UTC', {{ column }})) as date)
{%- endmacro %}

{# Seconds of an ISO 8601 duration such as PT1H2M3S. #}
{% macro iso_duration_seconds(column) -%}
    coalesce(try_cast(regexp_extract({{ column }}, '(\d+)D', 1) as bigint), 0) * 86400
    + coalesce(try_cast(regexp_extract({{ column }}, '(\d+)H', 1) as bigint), 0) * 3600
    + coalesce(try_cast(regexp_extract({{ column }}, 'T(?:\d+H)?(\d+)M', 1) as bigint), 0) * 60
    + coalesce(try_cast(regexp_extract({{ column }}, '(\d+)S', 1) as bigint), 0)
{%- endmacro %}

{# One row per part of a separated text. #}
{% macro split_rows(column, separator) -%}
    unnest(string_split({{ column }}, '{{ separator }}'))
{%- endmacro %}

{# The host of an address, lower case, null where there is none. #}
{% macro url_host(column) -%}
    nullif(lower(regexp_extract({{ column }}, '^[a-z]+://(?:www\.)?([^/:?#]+)', 1)), '')
{%- endmacro %}

{# The path of an address, without query and fragment. #}
{% macro url_path(column) -%}
    coalesce(nullif(regexp_extract({{ column }}, '^[a-z]+://[^/?#]+([^?#]*)', 1), ''), '/')
{%- endmacro %}

{# The number under `field` of one kind of entry in JSON text [{"action_type": ...}]: null
   where the list was never asked for, `absent` where it has no such entry. #}
{% macro action_value(column, action_type, field='value', absent='0') -%}
    case
        when {{ column }} is not null then coalesce(
            list_sum([
                struct_extract(entry, '{{ field }}')
                for entry in from_json(
                    {{ column }}, '[{"action_type":"VARCHAR","{{ field }}":"DOUBLE"}]'
                )
                if struct_extract(entry, 'action_type') = '{{ action_type }}'
            ]),
            {{ absent }}
        )
    end
{%- endmacro %}
