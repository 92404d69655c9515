-- One row per unit and day, numbers only, sorted: sums have the same bits every night.
-- Reads `learning_counts`.
select
    data_day,
    trials,
    successes,
    value_usd,
    spend_usd
from learning_counts
order by objective, metric, channel, variant_key, data_day
