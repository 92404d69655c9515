-- One row per property and kind of search: this period beside the one before.
select
    account_id,
    search_type,
    cast(sum(clicks) filter (
        where search_date between $start and $end) as bigint) as clicks,
    cast(sum(clicks) filter (
        where search_date between $before_start and $before_end) as bigint)
        as clicks_before,
    cast(sum(impressions) filter (
        where search_date between $start and $end) as bigint) as impressions,
    cast(sum(impressions) filter (
        where search_date between $before_start and $before_end) as bigint)
        as impressions_before
from published.search_daily
group by account_id, search_type
order by account_id, search_type
