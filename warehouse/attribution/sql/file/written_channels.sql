-- Every channel as the file writes it.
create or replace temp table written_channels as
select distinct unnest(channels) as channel
from counted_paths
