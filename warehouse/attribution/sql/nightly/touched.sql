-- Leads with a touch in their lookback.
select distinct path_id
from attribution_paths
where is_converted and conversion_type = 'lead'
