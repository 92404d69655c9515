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
