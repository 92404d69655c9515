-- One row per touch, with the {memory} channels before it (null where the path had not
-- begun), and one more per path, whose channel is null: there it ended.
with

remembered as (

    select
        conversion_type,
        path_id,
        is_converted,
        weight,
        {lags},
        channel,
        position,
        path_length
    from attribution_paths

)

select
    conversion_type,
    path_id,
    is_converted,
    weight,
    {before},
    channel
from remembered

union all

select
    conversion_type,
    path_id,
    is_converted,
    weight,
    {shifted},
    null as channel
from remembered
where position = path_length
