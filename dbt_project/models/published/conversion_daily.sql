-- One row per KPI of conversion, video and day.
select * from {{ ref('mart_conversion_daily') }}
