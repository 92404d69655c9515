-- Channels without the spaces around them, and without the empty ones.
create or replace temp table counted_paths as
select
    * replace (
        list_filter(
            list_transform(channels, lambda part: trim(part)),
            lambda part: part <> ''
        ) as channels
    )
from counted_paths
