-- One row: how few videos carry half of the won revenue credited to videos, the mean of
-- the counting methods.
with

credit as (

    select
        video_key,
        sum(value_usd) as won_usd
    from published.attribution_videos
    where conversion_type = 'won'
        and method <> 'causal'
        and video_key <> 'unmatched'
        and value_usd > 0
    group by video_key

),

running as (

    select
        row_number() over (order by won_usd desc, video_key) as videos,
        sum(won_usd) over (order by won_usd desc, video_key) as carried,
        sum(won_usd) over () as total
    from credit

)

select coalesce(min(videos) filter (where carried >= total / 2), 0) as few
from running
