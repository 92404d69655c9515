-- Every attribution method gives out exactly the conversions and the money that were booked,
-- the unattributed ones included.
with

booked as (

    select
        conversion_type,
        cast(count(*) as double) as conversions,
        cast(sum(value_usd) as double) as value_usd
    from {{ ref('int_journey__conversions') }}
    group by conversion_type

),

given as (

    select
        method,
        conversion_type,
        sum(conversions) as conversions,
        sum(value_usd) as value_usd
    from {{ ref('mart_attribution_channels') }}
    group by method, conversion_type

)

select
    given.method,
    given.conversion_type,
    given.conversions,
    booked.conversions as booked_conversions,
    given.value_usd,
    booked.value_usd as booked_value_usd
from given
left join booked
    on given.conversion_type = booked.conversion_type
where
    booked.conversion_type is null
    or abs(given.conversions - booked.conversions) > 0.000001 * booked.conversions
    or abs(given.value_usd - booked.value_usd) > 0.000001 * greatest(1, booked.value_usd)
