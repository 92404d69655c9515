-- The two views that attribution reads, from files of touches and conversions: a conversion's
-- path are the touches of its person in the {lookback_days} days before it, both ends
-- included; whoever never converted is one path, as long, that stands for `weight` people.
create or replace temp view attribution_conversions as
select
    conversion_id,
    'conversion' as conversion_type,
    converted_at,
    1.0 as conversions,
    value as value_usd
from told_conversions;

create or replace temp table touches_of_file as
with

converting as (

    select
        conversions.conversion_id as path_id,
        true as is_converted,
        1.0 as weight,
        conversions.converted_at,
        touches.touch_id,
        touches.touched_at,
        touches.token,
        touches.channel
    from told_conversions as conversions
    inner join told_touches as touches
        on
            conversions.user_id = touches.user_id
            and conversions.converted_at >= touches.touched_at
            and touches.touched_at
            >= conversions.converted_at - to_microseconds({lookback_microseconds})

),

last_touch as (

    select
        touches.user_id,
        max(touches.touched_at) as last_touched_at
    from told_touches as touches
    where
        not exists (
            select 1
            from told_conversions as conversions
            where conversions.user_id = touches.user_id
        )
    group by touches.user_id

),

not_converting as (

    select
        touches.user_id as path_id,
        false as is_converted,
        users.weight,
        cast(null as timestamp) as converted_at,
        touches.touch_id,
        touches.touched_at,
        touches.token,
        touches.channel
    from told_touches as touches
    inner join last_touch
        on
            touches.user_id = last_touch.user_id
            and touches.touched_at
            >= last_touch.last_touched_at - to_microseconds({lookback_microseconds})
    inner join told_users as users on touches.user_id = users.user_id

),

every_path as (

    select * from converting
    union all
    select * from not_converting

)

select
    every_path.path_id,
    every_path.touch_id,
    cast(null as varchar) as video_key,
    cast(null as varchar) as variant_key,
    cast(null as varchar) as placement_key,
    'conversion' as conversion_type,
    every_path.is_converted,
    every_path.weight,
    every_path.token as channel,
    null_channels.channel is not null as is_null_channel,
    cast(row_number() over (
        partition by every_path.path_id, every_path.is_converted
        order by every_path.touched_at, every_path.touch_id
    ) as integer) as position,
    cast(count(*) over (
        partition by every_path.path_id, every_path.is_converted
    ) as integer) as path_length,
    date_diff('microsecond', every_path.touched_at, every_path.converted_at) / 86400e6
        as age_days
from every_path
left join null_channels on every_path.channel = null_channels.channel;

create or replace temp view attribution_paths as
select * from touches_of_file
