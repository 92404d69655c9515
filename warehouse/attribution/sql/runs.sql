-- One row per conversion type and run of channels: where a step leads (null: the path ends)
-- and the channels before it (null: it had not begun), with the paths that took the step; and
-- one more for each run that a path ended with, with what these brought. No type: paths that did
-- not convert and stand against every type. Reads `attribution_steps` (one row per touch),
-- `attribution_ends` (one per path, its last channels) and `attribution_won` (one per path that
-- converted, and what it brought). Nothing is grouped again: the chain adds up what is alike,
-- in one order, which `paths` completes: sums keep their last bit.
with

types as (

    select distinct conversion_type
    from attribution_conversions

)

select
    {kind} as conversion_type,
    {before},
    channel,
    cast({paths} as double) as paths,
    cast(0 as double) as conversions,
    cast(0 as double) as value_usd
from attribution_steps
group by {by}{before}, channel

union all

select
    {kind} as conversion_type,
    {before},
    null as channel,
    cast({paths} as double) as paths,
    cast(0 as double) as conversions,
    cast(0 as double) as value_usd
from attribution_ends
group by {by}{before}

union all

select
    conversion_type,
    {before},
    null as channel,
    cast(0 as double) as paths,
    cast(sum(cast(conversions as decimal(38, 12))) as double) as conversions,
    cast(sum(cast(coalesce(value_usd, 0) as decimal(38, 12))) as double) as value_usd
from attribution_won
group by conversion_type, {before}
order by conversion_type, {before}, channel, paths
