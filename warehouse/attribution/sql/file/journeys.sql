-- The relations that attribution reads, from a file of paths: a row stands for as many
-- journeys as it counts. It tells no times. Channels are codes in the order of their names,
-- and lists are opened where they are counted.
create temp view attribution_conversions as
select
    row_number as conversion_id,
    cast('conversion' as type_name) as conversion_type,
    cast(null as timestamp) as converted_at,
    conversions,
    value as value_usd,
    len(channels) > 0 as is_touched
from coded_paths;

-- No filter here: it would make touches look as few as the paths they are joined with, and the
-- larger of both would be hashed.
create temp view touches_of_file as
select
    row_number as path_id,
    true as is_converted,
    conversions as weight,
    unnest(converted) as channel,
    generate_subscripts(converted, 1) as position,
    len(converted) as path_length
from (
    select
        *,
        case when conversions > 0 then channels end as converted
    from coded_paths
)

union all

select
    row_number as path_id,
    false as is_converted,
    nulls as weight,
    unnest(channels) as channel,
    generate_subscripts(channels, 1) as position,
    len(channels) as path_length
from coded_paths
where nulls > 0;

create temp view attribution_paths as
select
    touches.path_id,
    cast(null as varchar) as touch_id,
    cast(null as varchar) as video_key,
    cast(null as varchar) as variant_key,
    cast(null as varchar) as placement_key,
    cast('conversion' as type_name) as conversion_type,
    touches.is_converted,
    touches.weight,
    touches.channel,
    null_channels.channel is not null as is_null_channel,
    touches.position,
    touches.path_length,
    cast(null as double) as age_days
from touches_of_file as touches
left join null_channels on touches.channel = null_channels.channel;

-- Slices of one length are opened side by side, which costs no copy of a list; the first steps of
-- a path, with fewer channels before them than are remembered, are told on their own.
create temp view attribution_steps as
select
    row_number as path_id,
    conversions > 0 as is_converted,
    conversions + nulls as weight,
    {opened}
from coded_paths
where conversions + nulls > 0

union all

{begun};

create temp view attribution_ends as
select
    cast('conversion' as type_name) as conversion_type,
    row_number as path_id,
    conversions > 0 as is_converted,
    conversions + nulls as weight,
    {ends}
from coded_paths
where len(channels) > 0 and conversions + nulls > 0
;

-- a row tells of both, so nothing is joined
create temp view attribution_won as
select
    cast('conversion' as type_name) as conversion_type,
    row_number as path_id,
    conversions,
    value as value_usd,
    {ends}
from coded_paths
where len(channels) > 0 and conversions > 0
;

create temp view attribution_known_channels as
select unnest(enum_range(cast(null as channel_name))) as channel
