-- One row per KPI of acquisition, video and day.
select * from {{ ref('mart_acquisition_daily') }}
