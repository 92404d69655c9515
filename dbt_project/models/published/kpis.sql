-- One row per KPI: the dictionary.
select * from {{ ref('dim_kpis') }}
