-- One row per region, day, channel and video: what was bought there. Ads that follow visitors
-- are left out: where they run says who came before, not who was to come.
select
    delivery.region,
    delivery.performance_date,
    delivery.channel,
    delivery.video_key,
    delivery.impressions
from intermediate.int_paid__region_delivery_daily as delivery
left join intermediate.journey_channels as channels
    on delivery.channel = channels.channel
where
    delivery.channel <> 'unmatched'
    and not coalesce(channels.follows_visitors, false)
order by
    delivery.region,
    delivery.performance_date,
    delivery.channel,
    delivery.video_key
