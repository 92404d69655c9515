-- One row per placement, the rule that matched it, and what it did in all; unmatched ones
-- stay visible with their spend. Views are those of the newest definition alone.
with

placements as (

    select * from {{ ref('dim_placements') }}

),

performance as (

    select
        *,
        first_value(views_definition) over (
            partition by placement_key order by performance_date desc
        ) as newest_definition
    from {{ ref('fct_video_performance_daily') }}

),

totals as (

    select
        placement_key,
        min(newest_definition) as views_definition,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(views) filter (
            where views_definition is not distinct from newest_definition
        ) as bigint) as views,
        cast(sum(spend_usd) as decimal(18, 4)) as spend_usd
    from performance
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
    totals.views_definition,
    totals.impressions,
    totals.views,
    totals.spend_usd
from placements
left join totals
    on placements.placement_key = totals.placement_key
