-- One row per conversion type and run of channels: where a step leads (null: the path ends)
-- and the channels before it (null: it had not begun), with the paths that took the step and
-- what those that ended with it brought. A path that did not convert and names no type stands
-- against every type. Reads `attribution_steps` (one row per touch), `attribution_ends` (one per
-- path, its last channels) and `attribution_won` (one per path that converted, and what it brought).
with

types as (

    select distinct conversion_type
    from attribution_conversions

),

counted as (

    select
        {kind} as conversion_type,
        {before},
        channel,
        {paths} as paths,
        0 as conversions,
        0 as value_usd
    from attribution_steps
    group by {before}, channel{varying}

    union all

    select
        {kind} as conversion_type,
        {before},
        null as channel,
        {paths} as paths,
        0 as conversions,
        0 as value_usd
    from attribution_ends
    group by {before}{varying}

    union all

    select
        conversion_type,
        {before},
        null as channel,
        0 as paths,
        sum(cast(conversions as decimal(38, 12))) as conversions,
        sum(cast(coalesce(value_usd, 0) as decimal(38, 12))) as value_usd
    from attribution_won
    group by conversion_type, {before}

),

-- One join for each case: a single join with `or` would compare every pair of rows.
typed as (

    select counted.*
    from counted
    inner join types on counted.conversion_type = types.conversion_type

    union all

    select
        types.conversion_type,
        {before},
        counted.channel,
        counted.paths,
        counted.conversions,
        counted.value_usd
    from counted
    cross join types
    where counted.conversion_type is null

)

select
    conversion_type,
    {before},
    channel,
    cast(sum(cast(paths as decimal(38, 12))) as double) as paths,
    cast(sum(cast(conversions as decimal(38, 12))) as double) as conversions,
    cast(sum(cast(value_usd as decimal(38, 12))) as double) as value_usd
from typed
group by conversion_type, {before}, channel
order by conversion_type, {before}, channel
