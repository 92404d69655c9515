-- Paths as lists of codes, in the order of the channels' names: a byte where a text takes
-- sixteen.
create type channel_name as enum (select channel from written_channels order by channel);

create temp table coded_paths as
select
    row_number,
    cast(channels as channel_name[]) as channels,
    conversions,
    value,
    nulls
from counted_paths;
drop table counted_paths;

create temp view attribution_known_channels as
select unnest(enum_range(cast(null as channel_name))) as channel
