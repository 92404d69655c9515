-- One row per placement, the rule that matched it, and what it did in all; unmatched ones
-- stay visible with their spend.
with

placements as (

    select * from {{ ref('dim_placements') }}

),

totals as (

    select
        placement_key,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(views) as bigint) as views,
        cast(sum(spend_usd) as decimal(18, 4)) as spend_usd
    from {{ ref('fct_video_performance_daily') }}
    group by placement_key

)

select
    placements.placement_key,
    placements.variant_key,
    placements.video_key,
    placements.placement_id,
    placements.platform,
    placements.account_id,
    placements.platform_object_id,
    placements.channel,
    placements.matched_by,
    placements.tag,
    placements.page_path,
    placements.start_date,
    placements.end_date,
    totals.impressions,
    totals.views,
    totals.spend_usd
from placements
left join totals
    on placements.placement_key = totals.placement_key
