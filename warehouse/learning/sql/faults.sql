-- One row per fault in the counts that no cutting can repair. Reads `learning_counts`.
with

days as (

    select
        objective,
        metric,
        channel,
        variant_key,
        data_day,
        count(*) as copies,
        min(value_usd) as value_usd,
        min(spend_usd) as spend_usd
    from learning_counts
    group by objective, metric, channel, variant_key, data_day

)

select
    variant_key,
    channel,
    objective,
    metric,
    data_day,
    case
        when copies > 1 then 'two rows for one day'
        else concat(
            'negative money (', cast(value_usd as varchar), ' value, ',
            cast(spend_usd as varchar), ' spend)'
        )
    end as fault,
    case
        when copies > 1
            then 'one row per variant, channel, objective, metric and day'
        else 'a refund lowers the amount of its own day, never below 0'
    end as remedy
from days
where copies > 1 or value_usd < 0 or spend_usd < 0
order by objective, metric, channel, variant_key, data_day
limit 1
