-- One row per object that no rule maps to the catalogue, the dearest and most seen first.
select
    unmapped.platform,
    unmapped.account_id,
    unmapped.platform_object_id,
    unmapped.platform_video_id,
    unmapped.channel,
    coalesce(channels.is_paid, false) as is_bought,
    unmapped.title,
    unmapped.ad_name,
    unmapped.tag,
    unmapped.duration_seconds,
    unmapped.published_date,
    unmapped.first_date,
    unmapped.views,
    unmapped.views_definition,
    unmapped.spend_usd
from marts.mart_unmapped_objects as unmapped
left join intermediate.journey_channels as channels
    on unmapped.channel = channels.channel
order by
    unmapped.spend_usd desc nulls last,
    unmapped.watch_seconds desc nulls last,
    unmapped.views desc nulls last,
    unmapped.platform,
    unmapped.account_id,
    unmapped.platform_object_id
