{# Our surrogate key: a digest of the parts, null-safe, the same on every run. #}
{% macro key(parts) -%}
    md5(
    {%- for part in parts %}
        {%- if not loop.first %} || '|' || {% endif -%}
        coalesce(cast({{ part }} as varchar), '~')
    {%- endfor -%}
    )
{%- endmacro %}

{# Divide last: null when there is nothing to divide by. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{# The code that `playhead link` writes for a variant in a channel. #}
{% macro tagging_code(variant, channel) -%}
    lower('ph-' || {{ variant }} || '-' || replace({{ channel }}, '_', '-'))
{%- endmacro %}

{# The code that leads to a catalogue entry: its tag, or where it has none and is the only one
   of its variant in that channel, the code of the two. #}
{% macro code_of_entry() -%}
    coalesce(
        tag,
        case
            when count(*) over (partition by variant_id, channel) = 1
                then {{ tagging_code('variant_id', 'channel') }}
        end
    )
{%- endmacro %}

{# An identity in one text: its kind, whose it is, its name there. #}
{% macro node(kind, account, id) -%}
    concat({{ kind }}, ' ', {{ account }}, ' ', {{ id }})
{%- endmacro %}
