-- One row per KPI, video ('all' is the company) and period of 90 days.
select * from {{ ref('mart_objective_scorecard') }}
