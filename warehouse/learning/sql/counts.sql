-- One row per objective, metric, channel, variant and day up to the clock. Without a
-- variant a row counts for its video; with neither it belongs to no video and is left
-- out, as is a day whose trials or successes were not measured. Reads `learning_clock`.
select
    objective,
    metric,
    channel,
    coalesce(variant_key, video_key) as variant_key,
    data_day,
    cast(n as double) as trials,
    cast(k as double) as successes,
    cast(coalesce(value_usd, 0) as double) as value_usd,
    cast(coalesce(spend_usd, 0) as double) as spend_usd
from intermediate.int_learning__suff_stats_daily as stats
inner join learning_clock
    on stats.data_day <= learning_clock.as_of
where
    n is not null
    and k is not null
    and coalesce(variant_key, video_key) is not null
