-- The two views that attribution reads, from a file of paths: a row stands for as many
-- journeys as it counts. It tells no times.
create temp view attribution_conversions as
select
    cast(row_number as varchar) as conversion_id,
    'conversion' as conversion_type,
    cast(null as timestamp) as converted_at,
    conversions,
    value as value_usd
from counted_paths;

create temp table touches_of_file as
with

ended as (

    select
        cast(row_number as varchar) as path_id,
        true as is_converted,
        conversions as weight,
        channels
    from counted_paths
    where conversions > 0

    union all

    select
        cast(row_number as varchar) || ' null' as path_id,
        false as is_converted,
        nulls as weight,
        channels
    from counted_paths
    where nulls > 0

),

touches as (

    select
        path_id,
        is_converted,
        weight,
        unnest(channels) as channel,
        generate_subscripts(channels, 1) as position,
        len(channels) as path_length
    from ended

)

select
    touches.path_id,
    cast(null as varchar) as touch_id,
    cast(null as varchar) as video_key,
    cast(null as varchar) as variant_key,
    cast(null as varchar) as placement_key,
    'conversion' as conversion_type,
    touches.is_converted,
    touches.weight,
    touches.channel,
    null_channels.channel is not null as is_null_channel,
    cast(touches.position as integer) as position,
    cast(touches.path_length as integer) as path_length,
    cast(null as double) as age_days
from touches
left join null_channels on touches.channel = null_channels.channel;

create temp view attribution_paths as
select * from touches_of_file
