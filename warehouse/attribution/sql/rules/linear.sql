-- One row per touch of a converting path: its weight. The same for every touch.
select
    path_id,
    position,
    1.0 as weight
from intermediate.int_journey__paths
where is_converted
