-- One row per property and kind of search: this period, the one before, and all of it.
select
    account_id,
    search_type,
    cast(sum(clicks) filter (
        where search_date between $start and $end) as bigint) as clicks,
    cast(sum(clicks) filter (
        where search_date between $before_start and $before_end) as bigint)
        as clicks_before,
    cast(sum(clicks) as bigint) as all_clicks,
    max(search_date) as last_date
from published.search_daily
group by account_id, search_type
order by account_id, search_type
