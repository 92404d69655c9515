{# Daily rows of every KPI of the catalogue that is counted by day. #}
{% macro kpi_rows() -%}
    {%- for kpi, entry in kpi_catalog().items() if entry.kind != "median" %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ kpi }}' as kpi,
        '{{ entry.objective }}' as objective,
        {{ "video_key" if entry.level == "video" else "'all'" }} as video_key,
        {{ "channel" if entry.level == "video" else "'all'" }} as channel,
        {{ entry.date }} as kpi_date,
        cast(sum({{ entry.numerator }}) as double) as numerator,
        {%- if entry.denominator is none %}
        cast(null as double) as denominator
        {%- else %}
        cast(sum({{ entry.denominator }}) as double) as denominator
        {%- endif %}
    from {{ ref(entry.model) }}
    where
        {{ entry.numerator }} is not null
        {%- if entry.denominator is not none %}
        and {{ entry.denominator }} is not null
        {%- endif %}
    group by 3, 4, {{ entry.date }}
    {%- endfor %}
{%- endmacro %}

{# The dictionary of the KPIs, one row each. #}
{% macro kpi_dimension() -%}
    {%- for kpi, entry in kpi_catalog().items() %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ kpi }}' as kpi,
        '{{ entry.objective }}' as objective,
        '{{ entry.level }}' as level,
        '{{ entry.kind }}' as kind,
        '{{ entry.unit }}' as unit,
        '{{ entry.good }}' as good,
        {{ entry.version }} as version,
        '{{ entry.says | replace("'", "''") }}' as says,
        '{{ (entry.numerator ~ ((" / " ~ entry.denominator) if entry.denominator else "")) | replace("'", "''") }}' as formula,
        '{{ entry.grade }}' as evidence_grade,
        {{ entry.unit == "share" and entry.kind == "ratio" and entry.get("counts", true) }} as has_interval
    {%- endfor %}
{%- endmacro %}

{# One objective: one row per KPI, video and day, the channels added up, with the sums of the
   last 28 days, which is what one plots. KPIs are rows, so a new one needs no new column. #}
{% macro objective_daily(objective) -%}
with

daily as (

    select
        kpi,
        video_key,
        kpi_date,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('fct_kpi_daily') }}
    where objective = '{{ objective }}'
    group by kpi, video_key, kpi_date

),

rolling as (

    select
        *,
        sum(numerator) over last_28_days as numerator_28_days,
        sum(denominator) over last_28_days as denominator_28_days
    from daily
    window last_28_days as (
        partition by kpi, video_key
        order by kpi_date
        range between interval 27 days preceding and current row
    )

)

select
    rolling.kpi,
    rolling.video_key,
    rolling.kpi_date,
    rolling.numerator,
    rolling.denominator,
    case
        when kpis.kind = 'amount' then rolling.numerator
        else {{ ratio('rolling.numerator', 'rolling.denominator') }}
    end as value,
    case
        when kpis.kind = 'amount' then rolling.numerator_28_days
        else {{ ratio('rolling.numerator_28_days', 'rolling.denominator_28_days') }}
    end as value_28_days
from rolling
inner join {{ ref('dim_kpis') }} as kpis
    on rolling.kpi = kpis.kpi
{%- endmacro %}
