-- One row per report, period, breakdown value and metric of a file: what a platform reported
-- coarser than its API. Rows of one key within a file are added; reports and files never are.
with

every_source as (

    {{ every_reported_total() }}

)

select
    source,
    account_id,
    report,
    period_start_date,
    period_end_date,
    breakdown,
    breakdown_value,
    metric,
    cast(sum(amount) as double) as amount,
    unit,
    file
from every_source
group by
    source,
    account_id,
    report,
    period_start_date,
    period_end_date,
    breakdown,
    breakdown_value,
    metric,
    unit,
    file
