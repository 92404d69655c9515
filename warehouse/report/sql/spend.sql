-- One row: media spend and exposure from $start to $end. `depth`: watch time over what
-- there was to watch, where both are measured.
select
    cast(sum(spend_usd) as double) as spend_usd,
    cast(sum(spend_usd) filter (where video_key = 'unmatched') as double)
        as unmatched_usd,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(watch_seconds) as double) / 3600 as watch_hours,
    cast(
        sum(watch_seconds) filter (where watchable_seconds is not null)
        / nullif(sum(watchable_seconds) filter (where watch_seconds is not null), 0)
        as double
    ) as depth,
    count(*) filter (where is_unconverted) as unconverted_rows
from published.video_performance_daily
where performance_date between $start and $end
