-- One row per touch of a converting path, with what rules may ask of it. `named` are touches
-- outside the null channels; ages count from the path's youngest touch, so that no weight
-- vanishes. Grouped and joined: windows over the same keys cost five times as much. Sums are
-- of decimals: the same bits in any order of rows.
with

touches as (

    select * from attribution_paths
    where is_converted

),

by_channel as (

    select
        path_id,
        channel,
        min(position) as first_of_channel,
        count(*) as touches_of_channel
    from touches
    group by path_id, channel

),

by_path as (

    select
        path_id,
        count(case when not is_null_channel then 1 end) as named_touches,
        max(case when not is_null_channel then position end) as last_named_position,
        min(age_days) as youngest_days
    from touches
    group by path_id

),

channels as (

    select
        path_id,
        count(*) as channels_of_path
    from by_channel
    group by path_id

),

aged as (

    select
        touches.path_id,
        sum(cast(
            power(2.0, (by_path.youngest_days - touches.age_days) / 7.0) as decimal(38, 30)
        )) as decayed_of_path
    from touches
    inner join by_path on touches.path_id = by_path.path_id
    group by touches.path_id

)

select
    touches.*,
    by_path.named_touches,
    by_path.last_named_position,
    channels.channels_of_path,
    by_channel.first_of_channel,
    by_channel.touches_of_channel,
    power(2.0, (by_path.youngest_days - touches.age_days) / 7.0) as decayed,
    cast(aged.decayed_of_path as double) as decayed_of_path
from touches
inner join by_path on touches.path_id = by_path.path_id
inner join channels on touches.path_id = channels.path_id
inner join aged on touches.path_id = aged.path_id
inner join by_channel
    on
        touches.path_id = by_channel.path_id
        and touches.channel = by_channel.channel
