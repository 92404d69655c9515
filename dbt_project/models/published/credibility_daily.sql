-- One row per KPI of credibility, video and day.
select * from {{ ref('mart_credibility_daily') }}
