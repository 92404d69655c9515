-- Paths as lists of codes, in the order of the channels' names: a byte where a text takes
-- sixteen. A channel that is not among those known is an error here.
create type channel_name as enum (select channel from written_channels order by channel);
create type type_name as enum ('conversion');

create temp table coded_paths as
select
    row_number,
    cast({split} as channel_name[]) as channels,
    conversions,
    value,
    nulls
from counted_paths
