-- One row per channel with spend or credit, over everything on record. Spend without
-- any outcome stays a row; what no counting method credits is zero, not missing.
with

activity as (

    select
        channel,
        cast(sum(spend_usd) as double) as spend_usd,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(watch_seconds) as double) / 3600 as watch_hours
    from published.video_performance_daily
    group by channel

),

credit as (

    select
        channel,
        max(methods) as methods,
        max(conversions_min) filter (where conversion_type = 'lead') as leads_min,
        max(conversions_max) filter (where conversion_type = 'lead') as leads_max,
        max(conversions_min) filter (where conversion_type = 'won') as won_min,
        max(conversions_max) filter (where conversion_type = 'won') as won_max,
        max(value_usd_min) filter (where conversion_type = 'won') as won_usd_min,
        max(value_usd_max) filter (where conversion_type = 'won') as won_usd_max
    from published.attribution_range
    group by channel

),

counted as (

    select
        coalesce(max(methods), 0) as methods,
        count(*) filter (where conversion_type = 'lead') > 0 as has_leads,
        count(*) filter (where conversion_type = 'won') > 0 as has_won
    from published.attribution_range

)

select
    coalesce(activity.channel, credit.channel) as channel,
    channels.says,
    coalesce(channels.is_video, false) as is_video,
    coalesce(channels.is_paid, activity.spend_usd > 0, false) as is_paid,
    activity.spend_usd,
    activity.impressions,
    activity.watch_hours,
    nullif(counted.methods, 0) as methods,
    cast(case when has_leads then coalesce(leads_min, 0) end as double) as leads_min,
    cast(case when has_leads then coalesce(leads_max, 0) end as double) as leads_max,
    cast(case when has_won then coalesce(won_min, 0) end as double) as won_min,
    cast(case when has_won then coalesce(won_max, 0) end as double) as won_max,
    cast(case when has_won then coalesce(won_usd_min, 0) end as double) as won_usd_min,
    cast(case when has_won then coalesce(won_usd_max, 0) end as double) as won_usd_max
from activity
full join credit on activity.channel = credit.channel
left join published.channels
    on channels.channel = coalesce(activity.channel, credit.channel)
cross join counted
order by coalesce(activity.channel, credit.channel)
