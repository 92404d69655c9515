-- One row per touch of a converting path: its weight. Everything to the last touch.
select
    path_id,
    position,
    case when position = path_length then 1.0 else 0.0 end as weight
from intermediate.int_journey__paths
where is_converted
