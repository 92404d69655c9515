-- One row per conversion type and set of channels that some path touched: what paths of
-- exactly this set brought, and how many there were. A path that did not convert and names
-- no type stands against every type. The set is a sorted list.
with

sets as (

    select
        path_id,
        conversion_type,
        is_converted,
        list_sort(list(distinct channel)) as channels,
        max(weight) as weight
    from attribution_paths
    group by path_id, conversion_type, is_converted

),

types as (

    select distinct conversion_type
    from attribution_conversions

),

ends as (

    select
        conversions.conversion_type,
        sets.channels,
        conversions.conversions as paths,
        conversions.conversions,
        coalesce(conversions.value_usd, 0) as value_usd
    from attribution_conversions as conversions
    inner join sets
        on conversions.conversion_id = sets.path_id and sets.is_converted

    union all

    select
        types.conversion_type,
        sets.channels,
        sets.weight as paths,
        0 as conversions,
        0 as value_usd
    from sets
    inner join types
        on sets.conversion_type = types.conversion_type or sets.conversion_type is null
    where not sets.is_converted

)

select
    conversion_type,
    channels,
    cast(sum(cast(paths as decimal(38, 12))) as double) as paths,
    cast(sum(cast(conversions as decimal(38, 12))) as double) as conversions,
    cast(sum(cast(value_usd as decimal(38, 12))) as double) as value_usd
from ends
group by conversion_type, channels
order by conversion_type, channels
