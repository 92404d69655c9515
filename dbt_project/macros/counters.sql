{# Lifetime counters: what is counted is all of the vocabulary after views_basis. #}
{% macro counted() -%}
    {%- set names = conformed("counters").keys() | list -%}
    {{ return(names[names.index("views_basis") + 1:-1]) }}
{%- endmacro %}

{# The same columns as they are. #}
{% macro counted_columns() -%}
    {{ counted() | join(', ') }}
{%- endmacro %}

{# Each at zero, where the platform tells it at all. #}
{% macro counted_at_zero() -%}
    {%- for name in counted() -%}
        {{ name }} * 0 as {{ name }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Each as the signed difference to the last reading that told it. #}
{% macro counted_gains(readings) -%}
    {%- for name in counted() -%}
        {{ name }} - lag({{ name }} ignore nulls) over {{ readings }} as {{ name }}
        {{- ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Whether any of them fell. #}
{% macro counted_fell() -%}
    {%- for name in counted() -%}
        {{ "or " if not loop.first }}coalesce({{ name }} < 0, false){{ " " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Everything beyond the grain of performance rows, added up or, where it is no amount, the
   one that is told: a report and a counter never tell the same measure. #}
{% macro performance_together(grain) -%}
    {%- for name, kind in conformed("performance").items() if name not in grain -%}
        {%- if name == "is_correction" -%}
            coalesce(bool_or({{ name }}), false)
        {%- elif kind == "bigint" or name == "watch_seconds" -%}
            cast(sum({{ name }}) as {{ kind }})
        {%- else -%}
            min({{ name }})
        {%- endif %} as {{ name }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
