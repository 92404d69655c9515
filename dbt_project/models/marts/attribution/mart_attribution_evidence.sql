-- One row per channel as a whole (video 'all'), and per video that is switched on and off by
-- region on purpose: how many leads it added, how one knows, and what last touch says.
with

evidence as (

    select * from {{ source('analysis', 'attribution_evidence') }}

),

channels as (

    select * from {{ ref('mart_attribution_channels') }}
    where method = 'last' and conversion_type = 'lead'

),

videos as (

    select
        channel,
        video_key,
        sum(conversions) as conversions
    from {{ ref('mart_attribution_videos_daily') }}
    where method = 'last' and conversion_type = 'lead'
    group by channel, video_key

)

select
    evidence.channel,
    coalesce(evidence.video_key, 'all') as video_key,
    evidence.evidence,
    evidence.evidence_grade,
    cast(evidence.leads as double) as leads,
    cast(evidence.leads_p05 as double) as leads_p05,
    cast(evidence.leads_p95 as double) as leads_p95,
    cast(
        coalesce(
            case when evidence.video_key is null then channels.conversions else videos.conversions end,
            0
        ) as double
    ) as last_touch_leads
from evidence
left join channels
    on evidence.channel = channels.channel
left join videos
    on
        evidence.channel = videos.channel
        and evidence.video_key = videos.video_key
