-- One row per rule, conversion type and channel. Every channel ever touched has a row:
-- one that brought nothing must stay visible beside its cost. Reads `rule_methods`.
with

credits as (

    select
        method,
        conversion_type,
        channel,
        cast(sum(cast(credit as decimal(38, 18))) as double) as conversions,
        cast(sum(cast(value_usd as decimal(38, 12))) as double) as value_usd
    from analysis.attribution_credits
    group by method, conversion_type, channel

),

booked as (

    select
        conversion_type,
        count(*) as conversions
    from intermediate.int_journey__conversions
    group by conversion_type

),

channels as (

    select distinct channel
    from intermediate.int_journey__paths

    union

    select 'unattributed' as channel

)

select
    cast(rule_methods.method as varchar) as method,
    booked.conversion_type,
    cast(channels.channel as varchar) as channel,
    coalesce(credits.conversions, 0.0) as conversions,
    coalesce(credits.value_usd, 0.0) as value_usd,
    coalesce(credits.conversions, 0.0) / booked.conversions as share
from booked
cross join rule_methods
cross join channels
left join credits
    on
        rule_methods.method = credits.method
        and booked.conversion_type = credits.conversion_type
        and channels.channel = credits.channel
order by rule_methods.method, booked.conversion_type, channels.channel
