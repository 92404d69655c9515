-- One row per report, period, breakdown value, metric and file.
select * from {{ ref('mart_reported_totals') }}
