-- One row per unit: what is learnt about. In the order of days.sql, where each unit has
-- `days` rows. Reads `learning_counts`.
select
    objective,
    metric,
    channel,
    variant_key,
    cast(count(*) as bigint) as days,
    max(data_day) as last_day
from learning_counts
group by objective, metric, channel, variant_key
order by objective, metric, channel, variant_key
