-- The relations that attribution reads, from files of touches and conversions: a conversion's
-- path are the touches of its person in the {lookback_days} days before it, both ends
-- included; whoever never converted is one path, as long, that stands for `weight` people.
-- One sort makes the paths; each touch keeps the channels before it, so that chains count
-- without sorting again.
create or replace temp table touches_of_file as
with

last_touch as (

    select
        person,
        max(touched_at) as last_touched_at
    from told_touches
    group by person

),

paths as (

    select
        person,
        conversion_number as path_id,
        true as is_converted,
        cast(1 as {weight_type}) as weight,
        converted_at,
        converted_at - to_microseconds({lookback_microseconds}) as begins_at,
        converted_at as ends_at
    from told_conversions

    union all

    select
        last_touch.person,
        last_touch.person as path_id,
        false as is_converted,
        cast(users.weight as {weight_type}) as weight,
        cast(null as timestamp) as converted_at,
        last_touch.last_touched_at - to_microseconds({lookback_microseconds}) as begins_at,
        last_touch.last_touched_at as ends_at
    from last_touch
    inner join told_users as users on last_touch.person = users.person
    where
        not exists (
            select 1
            from told_conversions as conversions
            where conversions.person = last_touch.person
        )

),

every_path as (

    select
        paths.path_id,
        paths.is_converted,
        paths.weight,
        paths.converted_at,
        touches.touch_id,
        touches.touched_at,
        touches.token,
        null_channels.channel is not null as is_null_channel
    from told_touches as touches
    inner join paths
        on
            touches.person = paths.person
            and touches.touched_at >= paths.begins_at
            and touches.touched_at <= paths.ends_at
    left join null_channels on touches.channel = null_channels.channel

)

select
    path_id,
    is_converted,
    weight,
    token as channel,
    is_null_channel,
    cast(row_number() over in_order as integer) as position,
    cast(count(*) over whole as integer) as path_length,
    date_diff('microsecond', touched_at, converted_at) / 86400e6 as age_days,
    lag(token, 3) over in_order as channel_before_3,
    lag(token, 2) over in_order as channel_before_2,
    lag(token, 1) over in_order as channel_before_1
from every_path
window
    in_order as (partition by path_id, is_converted order by touched_at, touch_id),
    whole as (
        partition by path_id, is_converted order by touched_at, touch_id
        rows between unbounded preceding and unbounded following
    );

create or replace temp table attribution_ends as
select
    cast('conversion' as type_name) as conversion_type,
    path_id,
    is_converted,
    weight,
    {ends}
from touches_of_file
where position = path_length;

create or replace temp table attribution_conversions as
select
    conversion_number as conversion_id,
    cast('conversion' as type_name) as conversion_type,
    converted_at,
    1.0 as conversions,
    value as value_usd,
    conversion_number in (
        select path_id
        from attribution_ends
        where is_converted
    ) as is_touched
from told_conversions;

create or replace temp table attribution_known_channels as
select distinct channel from touches_of_file;

create or replace temp view attribution_paths as
select
    *,
    cast('conversion' as type_name) as conversion_type,
    cast(null as varchar) as touch_id,
    cast(null as varchar) as video_key,
    cast(null as varchar) as variant_key,
    cast(null as varchar) as placement_key
from touches_of_file;

create or replace temp view attribution_steps as
select
    path_id,
    is_converted,
    weight,
    {before},
    channel
from touches_of_file
