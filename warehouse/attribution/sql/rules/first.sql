-- One row per touch of a converting path: its weight. Everything to the first touch.
select
    path_id,
    position,
    case when position = 1 then 1.0 else 0.0 end as weight
from intermediate.int_journey__paths
where is_converted
