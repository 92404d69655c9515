-- One row: the last 90 days as the scorecard cut them; null where it is empty.
select
    min(period_start_date) as start,
    max(period_end_date) as end
from published.objective_scorecard
where period = 'last_90_days'
