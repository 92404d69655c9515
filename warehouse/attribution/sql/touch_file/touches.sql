-- Touches as a reader wrote them, with row numbers, and what they say: stamps in UTC, the
-- channel `unmapped` where none is named or where the file of channels does not know it.
create or replace temp table read_touches as
with

named as (

    select
        row_number,
        {touch_id} as touch_id,
        nullif(user_id, '') as user_id,
        touched_at as at_as_written,
        coalesce(nullif(channel, ''), 'unmapped') as channel_as_written,
        coalesce(video_id, '') as video_id,
        watch_share as share_as_written
    from lines_touches

)

select
    row_number,
    touch_id,
    user_id,
    at_as_written,
    {stamp} as touched_at,
    channel_as_written,
    case
        when {channels_known} and channel_as_written not in (select channel from told_channels)
            then 'unmapped'
        else channel_as_written
    end as channel,
    video_id,
    share_as_written,
    try_cast(nullif(share_as_written, '') as double) as watch_share
from named
