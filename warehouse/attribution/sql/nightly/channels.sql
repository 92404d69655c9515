-- One row per channel that browsers were seen to touch or come by, as the team's list has it.
select
    seen.channel,
    coalesce(known.is_null_channel, false) as is_null,
    coalesce(known.is_video, false) as is_video
from (
    select channel from nightly_moments
    union
    select touches.channel
    from intermediate.int_journey__touches as touches
    inner join nightly_moments as moments
        on touches.visitor_key = moments.visitor_key
    where touches.channel <> 'sales_room'
) as seen
left join intermediate.journey_channels as known
    on seen.channel = known.channel
order by seen.channel
