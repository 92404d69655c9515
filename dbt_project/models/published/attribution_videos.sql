-- One row per method, conversion type, channel and video, over all days.
select
    method,
    conversion_type,
    channel,
    video_key,
    cast(sum(conversions) as double) as conversions,
    cast(sum(value_usd) as double) as value_usd
from {{ ref('mart_attribution_videos_daily') }}
group by method, conversion_type, channel, video_key
