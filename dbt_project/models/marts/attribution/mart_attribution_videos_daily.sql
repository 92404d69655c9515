-- One row per method, conversion type, channel, video and day of conversion. Credits of a
-- method sum to what was booked; a conversion without any touch is 'unattributed'.
with

credits as (

    select * from {{ source('analysis', 'attribution_credits') }}

)

select
    method,
    conversion_type,
    channel,
    coalesce(video_key, 'unmatched') as video_key,
    converted_date,
    sum(credit) as conversions,
    sum(value_usd) as value_usd
from credits
group by method, conversion_type, channel, coalesce(video_key, 'unmatched'), converted_date
