-- One row per video, what is at stake first: its cost and the won revenue beside it.
-- A counting method that credits a video with nothing counts as zero, so that the
-- lowest of the range is the lowest.
with

activity as (

    select
        video_key,
        sum(spend_usd) filter (
            where performance_date between $start and $end
        ) as period_spend_usd,
        sum(impressions) filter (
            where performance_date between $start and $end
        ) as period_impressions,
        sum(watch_seconds) filter (
            where performance_date between $start and $end
        ) / 3600 as period_watch_hours,
        max(performance_date) filter (
            where coalesce(impressions, 0) + coalesce(views, 0) > 0
        ) as last_seen
    from published.video_performance_daily
    group by video_key

),

credit as (

    select
        video_key,
        method,
        sum(conversions) filter (where conversion_type = 'lead') as leads,
        sum(value_usd) filter (where conversion_type = 'won') as won_usd
    from published.attribution_videos
    where method <> 'causal'
    group by video_key, method

),

methods as (

    select count(distinct method) as methods
    from published.attribution_videos
    where method <> 'causal'

),

credited as (

    select
        video_key,
        case when count(leads) = any_value(methods) then min(leads) else 0
            end as leads_min,
        coalesce(max(leads), 0) as leads_max,
        case when count(won_usd) = any_value(methods) then min(won_usd) else 0
            end as won_usd_min,
        coalesce(max(won_usd), 0) as won_usd_max,
        coalesce(sum(won_usd), 0) / any_value(methods) as won_usd_mid
    from credit
    cross join methods
    group by video_key

)

select
    videos.video_key,
    coalesce(videos.title, videos.video_id, videos.video_key) as title,
    coalesce(videos.objective, 'unset') as objective,
    videos.role,
    videos.theme,
    videos.owner,
    cast(videos.duration_seconds as double) as duration_seconds,
    videos.published_date,
    coalesce(videos.is_mapped, false) as is_mapped,
    videos.matched_by,
    coalesce(videos.variants, 0) as variants,
    coalesce(videos.placements, 0) as placements,
    cast(videos.production_cost_usd as double) as production_cost_usd,
    cast(videos.adaptation_cost_usd as double) as adaptation_cost_usd,
    cast(videos.media_spend_usd as double) as media_spend_usd,
    cast(videos.total_cost_usd as double) as total_cost_usd,
    cast(activity.period_spend_usd as double) as period_spend_usd,
    activity.period_impressions,
    cast(activity.period_watch_hours as double) as period_watch_hours,
    activity.last_seen,
    cast(credited.won_usd_min as double) as won_usd_min,
    cast(credited.won_usd_max as double) as won_usd_max,
    cast(credited.won_usd_mid as double) as won_usd_mid,
    cast(credited.leads_min as double) as leads_min,
    cast(credited.leads_max as double) as leads_max
from published.videos
left join activity using (video_key)
left join credited using (video_key)
where videos.video_key not in ('unmatched', 'all')
order by
    coalesce(videos.total_cost_usd, 0) + coalesce(credited.won_usd_max, 0) desc,
    coalesce(activity.period_impressions, 0) desc,
    videos.video_key
limit $limit
