-- One row per KPI of retention, video and day.
select * from {{ ref('mart_retention_daily') }}
