-- Touches as a reader wrote them, with row numbers, and what they say: stamps in UTC, the
-- channel `unmapped` where none is named or where the file of channels does not know it.
create or replace temp table read_touches as
select
    row_number,
    {touch_id} as touch_id,
    nullif(trim(user_id), '') as user_id,
    touched_at as at_as_written,
    {stamp} as touched_at,
    {zoned} as is_zoned,
    coalesce(nullif(trim(channel), ''), 'unmapped') as channel_as_written,
    case
        when nullif(trim(channel), '') is null then 'unmapped'
        when {channels_known} and trim(channel) not in (select channel from told_channels)
            then 'unmapped'
        else trim(channel)
    end as channel,
    coalesce(nullif(trim(video_id), ''), '') as video_id,
    watch_share as share_as_written,
    try_cast(nullif(trim(watch_share), '') as double) as watch_share
from lines_touches
