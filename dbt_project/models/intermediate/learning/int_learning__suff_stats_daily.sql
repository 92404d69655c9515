-- One row per day, variant, channel, objective and metric: trials and successes, what the
-- beliefs are updated with. A metric the platform does not measure has no row.
with

performance as (

    select
        performance_date as data_day,
        *
    from {{ ref('fct_video_performance_daily') }}
    where video_key <> 'unmatched' and not is_correction

),

metrics as (

    select
        data_day,
        video_key,
        variant_key,
        channel,
        spend_usd,
        'awareness' as objective,
        'hook_rate' as metric,
        impressions as n,
        plays_3s as k
    from performance
    union all
    select
        data_day,
        video_key,
        variant_key,
        channel,
        spend_usd,
        'acquisition' as objective,
        'link_ctr' as metric,
        impressions as n,
        link_clicks as k
    from performance
    where spend_usd is not null
    union all
    select
        data_day,
        video_key,
        variant_key,
        channel,
        spend_usd,
        'acquisition' as objective,
        'play_rate' as metric,
        impressions as n,
        starts as k
    from performance
    where channel = 'site_player'
    union all
    select
        data_day,
        video_key,
        variant_key,
        channel,
        spend_usd,
        'retention' as objective,
        'quartile_reach_75' as metric,
        starts as n,
        p75_plays as k
    from performance
    where channel = 'site_player'
    union all
    select
        data_day,
        video_key,
        variant_key,
        channel,
        spend_usd,
        'credibility' as objective,
        'like_rate' as metric,
        likes + dislikes as n,
        likes as k
    from performance

)

select
    data_day,
    video_key,
    variant_key,
    channel,
    objective,
    metric,
    cast(sum(n) as bigint) as n,
    cast(sum(least(k, n)) as bigint) as k,
    cast(0 as double) as value_usd,
    cast(sum(coalesce(spend_usd, 0)) as double) as spend_usd
from metrics
where n > 0 and k is not null
group by data_day, video_key, variant_key, channel, objective, metric
