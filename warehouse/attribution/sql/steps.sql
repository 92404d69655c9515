-- One row per touch, with the {memory} channels before it: null where the path had not begun.
select
    conversion_type,
    path_id,
    is_converted,
    weight,
    {lags},
    channel,
    position = path_length as is_last
from attribution_paths
