-- One row: the months that the finance file reaches, what was booked in them and what differs.
select
    count(*) as months,
    cast(sum(booked_usd) as double) as booked_usd,
    cast(sum(finance_usd) as double) as finance_usd,
    coalesce(cast(sum(deals_missing_in_finance) as bigint), 0) as missing,
    coalesce(cast(sum(deals_differing) as bigint), 0) as differing
from published.finance_reconciliation
where is_complete
