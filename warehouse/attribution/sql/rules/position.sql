-- One row per touch of a converting path: its weight. Two fifths each to the first and
-- the last touch, one fifth shared by those between; two touches share evenly.
select
    path_id,
    position,
    case
        when path_length <= 2 then 1.0
        when position = 1 or position = path_length then 0.4
        else 0.2 / (path_length - 2)
    end as weight
from intermediate.int_journey__paths
where is_converted
