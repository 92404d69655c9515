-- One row per placement and day, in the platform's day zone. What a platform does not
-- measure is null. Reach is left out: it does not add over days.
with

performance as (

    select * from {{ ref('int_social__video_performance_daily') }}
    union all by name
    select * from {{ ref('int_paid__video_performance_daily') }}
    union all by name
    select * from {{ ref('int_journey__site_video_performance_daily') }}

),

placements as (

    select * from {{ ref('int_assets__placements') }}

),

variants as (

    select * from {{ ref('dim_variants') }}

)

select
    placements.placement_key,
    placements.variant_key,
    placements.video_key,
    performance.platform,
    placements.channel_name as channel,
    performance.performance_date,
    performance.day_zone,
    performance.views_definition,
    performance.views_threshold_seconds,
    performance.views_basis,
    performance.campaign_id,
    performance.campaign_name,
    performance.current_campaign_name,
    performance.currency_code,
    performance.spend_native,
    performance.spend_usd,
    coalesce(performance.is_unconverted, false) as is_unconverted,
    performance.impressions,
    performance.views,
    performance.engaged_views,
    performance.starts,
    performance.plays_3s,
    performance.plays_15s,
    performance.thruplays,
    performance.p25_plays,
    performance.p50_plays,
    performance.p75_plays,
    performance.p100_plays,
    performance.watch_seconds,
    -- views x duration, the only right divisor of watch time: starts where views are later,
    -- engaged views where the platform redefined its views
    coalesce(performance.starts, performance.engaged_views, performance.views)
    * variants.duration_seconds
        as watchable_seconds,
    performance.link_clicks,
    performance.likes,
    performance.dislikes,
    performance.comments,
    performance.shares,
    performance.subscribers_gained,
    performance.subscribers_lost,
    performance.gap_days,
    coalesce(performance.is_correction, false) as is_correction,
    performance.load_id
from performance
inner join placements
    on
        performance.platform = placements.platform
        and performance.account_id = placements.account_id
        and performance.platform_object_id = placements.platform_object_id
left join variants
    on placements.variant_key = variants.variant_key
