-- One row per report, breakdown value and metric: the eight largest of each report.
-- Values of one report are never added: its rows may overlap.
select
    source,
    account_id,
    report,
    period_start_date as start,
    period_end_date as end,
    coalesce(breakdown, '') as breakdown,
    coalesce(breakdown_value, '') as breakdown_value,
    metric,
    cast(amount as double) as amount,
    unit,
    row_number() over report_rows as rank,
    count(*) over (
        partition by source, account_id, report, period_start_date,
            period_end_date, breakdown, metric
    ) as rows
from published.reported_totals
window report_rows as (
    partition by source, account_id, report, period_start_date, period_end_date,
        breakdown, metric
    order by amount desc nulls last, breakdown_value
)
qualify rank <= 8
order by source, account_id, report, start, breakdown, metric, rank
limit 400
