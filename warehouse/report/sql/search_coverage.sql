-- One row per property, kind of search and report: how much of the clicks it tells.
select
    account_id,
    search_type,
    case when report = 'appearances' then report || ': ' || search_appearance else report end
        as report,
    cast(clicks as bigint) as clicks,
    cast(clicks_share_of_dates as double) as share,
    coalesce(is_total, false) as is_total
from published.search_coverage
order by account_id, search_type, is_total desc, report
