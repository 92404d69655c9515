-- One row per touch: a touch id, or a person, channel, video and time, told twice is one.
-- People are numbers and channels are codes in the order of their names: four bytes and one,
-- where their texts take sixteen and more, are sorted and counted many times faster.
create type channel_name as enum (select distinct channel from read_touches order by channel);
create type token_name as enum (select distinct {token} as token from read_touches order by token);

create type type_name as enum ('conversion');

create or replace temp table told_touches as
with

by_id as (

    select * from read_touches
    {once}

),

coded as (

    select
        by_id.row_number,
        by_id.touch_id,
        users.person,
        by_id.touched_at,
        cast(by_id.channel as channel_name) as channel,
        case when by_id.channel = 'unmapped' then by_id.channel_as_written end as unmapped,
        cast({token} as token_name) as token,
        by_id.video_id,
        by_id.watch_share
    from by_id
    inner join told_users as users on by_id.user_id = users.user_id

)

select
    touch_id,
    person,
    touched_at,
    channel,
    token,
    video_id,
    watch_share
from coded
qualify row_number() over (
    partition by person, touched_at, channel, unmapped, video_id
    order by row_number
) = 1
