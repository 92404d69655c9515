-- One row per touch of a converting path: its weight. Everything to the last touch
-- outside the null channels; if there is none, to the last touch.
with

paths as (

    select
        path_id,
        position,
        path_length,
        case when not is_null_channel then position end as named_position
    from intermediate.int_journey__paths
    where is_converted

),

chosen as (

    select
        path_id,
        coalesce(max(named_position), max(path_length)) as chosen_position
    from paths
    group by path_id

)

select
    paths.path_id,
    paths.position,
    case when paths.position = chosen.chosen_position then 1.0 else 0.0 end as weight
from paths
inner join chosen on paths.path_id = chosen.path_id
