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

create temp view touches_of_file as
select
    row_number as path_id,
    true as is_converted,
    conversions as weight,
    unnest(channels) as channel,
    generate_subscripts(channels, 1) as position,
    len(channels) as path_length
from coded_paths
where conversions > 0

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

create temp view attribution_steps as
with

opened as (

    select
        row_number as path_id,
        conversions > 0 as is_converted,
        weight,
        {opened},
        unnest(channels) as channel
    from coded_paths
    where weight > 0

)

select * from opened
where channel is not null;

create temp view attribution_ends as
select
    cast('conversion' as type_name) as conversion_type,
    row_number as path_id,
    conversions > 0 as is_converted,
    weight,
    {ends}
from coded_paths
where len(channels) > 0 and weight > 0
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
