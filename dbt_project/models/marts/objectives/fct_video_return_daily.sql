-- One row per video, channel and day: media spend on the day it was spent, credit on the day
-- of the conversion (a period view: late conversions count when they come).
with

spend as (

    select
        video_key,
        channel,
        performance_date as kpi_date,
        cast(sum(spend_usd) as double) as spend_usd
    from {{ ref('fct_video_performance_daily') }}
    where spend_usd is not null
    group by video_key, channel, performance_date

),

credit as (

    select
        video_key,
        channel,
        converted_date as kpi_date,
        sum(case when conversion_type = 'won' then value_usd else 0 end)
            as attributed_revenue_usd,
        sum(case when conversion_type = 'lead' then conversions else 0 end)
            as attributed_leads
    from {{ ref('mart_attribution_videos_daily') }}
    where method = '{{ var("headline_method") }}'
    group by video_key, channel, converted_date

),

measured as (

    select distinct channel from spend

)

select
    coalesce(spend.video_key, credit.video_key) as video_key,
    coalesce(spend.channel, credit.channel) as channel,
    coalesce(spend.kpi_date, credit.kpi_date) as kpi_date,
    coalesce(channels.is_video, false) as is_video,
    -- a channel that costs nothing, or whose costs no source tells, has no return on spend:
    -- null, not 0
    case when measured.channel is not null then coalesce(spend.spend_usd, 0) end as spend_usd,
    coalesce(credit.attributed_revenue_usd, 0) as attributed_revenue_usd,
    coalesce(credit.attributed_leads, 0) as attributed_leads
from spend
full outer join credit
    on
        spend.video_key = credit.video_key
        and spend.channel = credit.channel
        and spend.kpi_date = credit.kpi_date
left join measured
    on coalesce(spend.channel, credit.channel) = measured.channel
left join {{ ref('journey_channels') }} as channels
    on coalesce(spend.channel, credit.channel) = channels.channel
