-- One row per conversion type and step of an order-1 chain. Null from_channel is the
-- start, null to_channel the end, where conversions and value are counted. A path that
-- did not convert and names no type stands against every type.
with

types as (

    select distinct conversion_type
    from intermediate.int_journey__conversions

),

-- One join for each case: a single join with `or` would compare every pair of rows.
typed_paths as (

    select
        paths.conversion_type,
        paths.path_id,
        paths.position,
        paths.path_length,
        paths.channel,
        paths.is_converted
    from intermediate.int_journey__paths as paths
    inner join types on paths.conversion_type = types.conversion_type

    union all

    select
        types.conversion_type,
        paths.path_id,
        paths.position,
        paths.path_length,
        paths.channel,
        paths.is_converted
    from intermediate.int_journey__paths as paths
    cross join types
    where not paths.is_converted and paths.conversion_type is null

),

paths as (

    select
        *,
        lag(channel) over (
            partition by conversion_type, path_id
            order by position
        ) as previous_channel
    from typed_paths

),

ends as (

    select
        paths.conversion_type,
        paths.channel,
        case when paths.is_converted then 1 else 0 end as conversions,
        case
            when paths.is_converted then coalesce(conversions.value_usd, 0)
            else 0
        end as value_usd
    from paths
    left join intermediate.int_journey__conversions as conversions
        on paths.path_id = conversions.conversion_id
    where paths.position = paths.path_length

),

steps as (

    select
        conversion_type,
        previous_channel as from_channel,
        channel as to_channel,
        1 as paths,
        0 as conversions,
        cast(0 as decimal(18, 4)) as value_usd
    from paths

    union all

    select
        conversion_type,
        channel as from_channel,
        null as to_channel,
        1 as paths,
        conversions,
        cast(value_usd as decimal(18, 4)) as value_usd
    from ends

)

select
    conversion_type,
    from_channel,
    to_channel,
    cast(sum(paths) as bigint) as paths,
    cast(sum(conversions) as bigint) as conversions,
    cast(sum(value_usd) as double) as value_usd
from steps
group by conversion_type, from_channel, to_channel
order by
    conversion_type,
    from_channel nulls first,
    to_channel nulls first
