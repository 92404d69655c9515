-- One row per touch of a browser that is compared, in order of browser and time.
select
    touches.touch_id,
    moments.browser,
    touches.channel,
    touches.touched_at,
    touches.watch_share,
    touches.video_key,
    touches.variant_key,
    touches.placement_key
from intermediate.int_journey__touches as touches
inner join (
    select distinct
        visitor_key,
        browser
    from nightly_moments
) as moments on touches.visitor_key = moments.visitor_key
where touches.channel <> 'sales_room'
order by moments.browser, touches.touched_at, touches.touch_id
