{# Amounts that a source reports coarser than its API does: whole periods, one breakdown, no
   ids. One shape for all sources. #}
{% macro reported_totals(source_name) -%}
    select
        account_id,
        report,
        period_start as period_start_date,
        period_end as period_end_date,
        breakdown,
        breakdown_value,
        metric,
        amount,
        unit,
        file,
        row_number as file_row,
        _dlt_load_id as load_id
    from {{ source(source_name, 'reported_totals') }}
{%- endmacro %}

{# The reported totals of all sources that have some, each with its source. #}
{% macro every_reported_total() -%}
    {%- for source_name in family("reported_totals") %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ source_name }}' as source,
        totals.*
    from {{ ref('stg_' ~ source_name ~ '__reported_totals') }} as totals
    {%- endfor %}
{%- endmacro %}
