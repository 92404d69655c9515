-- One row per KPI and week of the last thirteen, for the whole company.
select * from {{ ref('mart_kpi_weekly') }}
