-- One row per rule, conversion type and channel. Every channel ever touched has a row: one
-- that brought nothing must stay visible beside its cost. Sums are of decimals: the order of
-- rows cannot change a bit. Reads `rule_sums` (method, conversion_type, channel).
with

booked as (

    select
        conversion_type,
        sum(conversions) as conversions
    from attribution_conversions
    group by conversion_type

),

untouched as (

    select
        conversion_type,
        sum(conversions) as conversions,
        sum(cast(coalesce(value_usd, 0) as decimal(38, 12))) as value_usd
    from attribution_conversions
    where not is_touched
    group by conversion_type

),

credits as (

    select
        method,
        conversion_type,
        cast(channel as varchar) as channel,
        cast(conversions as double) as conversions,
        cast(value_usd as double) as value_usd
    from rule_sums

    union all

    select
        rule_methods.method,
        untouched.conversion_type,
        'unattributed' as channel,
        cast(untouched.conversions as double) as conversions,
        cast(untouched.value_usd as double) as value_usd
    from untouched
    cross join rule_methods

),

channels as (

    select cast(channel as varchar) as channel
    from attribution_known_channels

    union all

    select 'unattributed' as channel

)

select
    cast(rule_methods.method as varchar) as method,
    booked.conversion_type,
    cast(channels.channel as varchar) as channel,
    coalesce(credits.conversions, 0.0) as conversions,
    coalesce(credits.value_usd, 0.0) as value_usd,
    coalesce(credits.conversions, 0.0) / nullif(booked.conversions, 0) as share,
    cast(null as double) as conversions_p05,
    cast(null as double) as conversions_p95,
    'paths' as evidence,
    'D' as evidence_grade
from booked
cross join rule_methods
cross join channels
left join credits
    on
        rule_methods.method = credits.method
        and booked.conversion_type = credits.conversion_type
        and channels.channel = credits.channel
order by rule_methods.method, booked.conversion_type, channels.channel
