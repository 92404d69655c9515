-- One row per touch: a touch id, or a person, channel, video and time, told twice is one.
create or replace temp table told_touches as
with

by_id as (

    select * from read_touches
    qualify row_number() over (partition by touch_id order by row_number) = 1

),

by_content as (

    select * from by_id
    qualify row_number() over (
        partition by user_id, channel_as_written, video_id, touched_at
        order by row_number
    ) = 1

)

select
    touch_id,
    user_id,
    touched_at,
    channel,
    video_id,
    case when {by_video} then concat(channel, chr(31), video_id) else channel end as token,
    watch_share
from by_content
