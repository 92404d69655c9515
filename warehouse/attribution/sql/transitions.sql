-- One row per conversion type and step of a chain that remembers {order} channels. A state
-- is the last channels of a path, oldest first, with ' > ' between; a path shorter than the
-- memory is one state. Null from_state is the start, null to_state the end, where
-- conversions and value are counted. A path that did not convert and names no type stands
-- against every type.
with

types as (

    select distinct conversion_type
    from attribution_conversions

),

-- One join for each case: a single join with `or` would compare every pair of rows.
typed_paths as (

    select
        paths.conversion_type,
        paths.path_id,
        paths.position,
        paths.path_length,
        paths.channel,
        paths.is_converted,
        paths.weight
    from attribution_paths as paths
    inner join types on paths.conversion_type = types.conversion_type

    union all

    select
        types.conversion_type,
        paths.path_id,
        paths.position,
        paths.path_length,
        paths.channel,
        paths.is_converted,
        paths.weight
    from attribution_paths as paths
    cross join types
    where not paths.is_converted and paths.conversion_type is null

),

remembered as (

    select
        conversion_type,
        path_id,
        is_converted,
        weight,
        position,
        path_length,
        {state} as state
    from typed_paths

),

states as (

    -- of a path with fewer channels than the memory only its last touch is a state
    select *
    from remembered
    where position >= least({order}, path_length)

),

steps as (

    select
        conversion_type,
        lag(state) over (
            partition by conversion_type, path_id, is_converted
            order by position
        ) as from_state,
        state as to_state,
        weight as paths,
        cast(0 as double) as conversions,
        cast(0 as double) as value_usd
    from states

    union all

    select
        states.conversion_type,
        states.state as from_state,
        null as to_state,
        states.weight as paths,
        case when states.is_converted then conversions.conversions else 0 end as conversions,
        case when states.is_converted then coalesce(conversions.value_usd, 0) else 0 end
            as value_usd
    from states
    left join attribution_conversions as conversions
        on states.path_id = conversions.conversion_id
    where states.position = states.path_length

)

select
    conversion_type,
    from_state,
    to_state,
    cast(sum(cast(paths as decimal(38, 12))) as double) as paths,
    cast(sum(cast(conversions as decimal(38, 12))) as double) as conversions,
    cast(sum(cast(value_usd as decimal(38, 12))) as double) as value_usd
from steps
group by conversion_type, from_state, to_state
order by
    conversion_type,
    from_state nulls first,
    to_state nulls first
