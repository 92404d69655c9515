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

{# One row per first moment of a month from after one moment to another. #}
{% macro each_month(first, last) -%}
    unnest(generate_series(
        cast(date_trunc('month', {{ first }}) as timestamp),
        cast({{ last }} as timestamp),
        interval 1 month
    ))
{%- endmacro %}

{# An amount in the minor unit of its currency (cents; yen have none, dinars thousandths) in
   the major one. Source: https://docs.stripe.com/currencies#zero-decimal #}
{% macro from_minor_units(amount, currency) -%}
    cast({{ amount }} as decimal(18, 4)) / case
        when lower({{ currency }}) in (
            'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
            'vuv', 'xaf', 'xof', 'xpf'
        ) then 1
        when lower({{ currency }}) in ('bhd', 'jod', 'kwd', 'omr', 'tnd') then 1000
        else 100
    end
{%- endmacro %}

{# The sum of all values of a JSON object {"like": 3, "love": 1}: null where there is none. #}
{% macro json_sum(column) -%}
    cast(list_sum(map_values(cast(from_json({{ column }}, '"MAP(VARCHAR, BIGINT)"') as map(varchar, bigint)))) as bigint)
{%- endmacro %}

{# The value of a parameter of an address, null where it has none. #}
{% macro url_parameter(column, name) -%}
    nullif(regexp_extract({{ column }}, '[?&]{{ name }}=([^&#]+)', 1), '')
{%- endmacro %}

{# The words of a name, lower case, each once: parted at all but letters, digits, hyphens and
   underscores, and once more at underscores, since some teams join the parts by them. #}
{% macro name_words(column) -%}
    list_distinct(list_concat(
        regexp_extract_all(lower({{ column }}), '[a-z0-9_-]+'),
        regexp_extract_all(lower({{ column }}), '[a-z0-9-]+')
    ))
{%- endmacro %}
