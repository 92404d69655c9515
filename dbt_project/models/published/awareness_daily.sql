-- One row per KPI of awareness, video and day.
select * from {{ ref('mart_awareness_daily') }}
