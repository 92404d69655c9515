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
