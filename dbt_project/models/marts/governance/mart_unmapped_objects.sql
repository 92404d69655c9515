-- One row per placement that belongs to no video of the catalogue, with what its platform tells
-- of it and what it did in all: `playhead map` proposes matches for it. Views are those of the
-- newest definition alone.
with

placements as (

    select * from {{ ref('int_assets__placements') }}
    where matched_by in ('own master', 'unmatched')

),

performance as (

    select
        *,
        first_value(views_definition) over (
            partition by placement_key order by performance_date desc
        ) as newest_definition
    from {{ ref('fct_video_performance_daily') }}
    where placement_key in (select placement_key from placements)

),

totals as (

    select
        placement_key,
        min(performance_date) as first_date,
        max(performance_date) as last_date,
        min(newest_definition) as views_definition,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(views) filter (
            where views_definition is not distinct from newest_definition
        ) as bigint) as views,
        cast(sum(watch_seconds) as double) as watch_seconds,
        cast(sum(spend_usd) as decimal(18, 4)) as spend_usd,
        coalesce(bool_or(is_unconverted), false) as is_unconverted
    from performance
    group by placement_key

)

select
    placements.placement_key,
    placements.platform,
    placements.account_id,
    placements.platform_object_id,
    placements.platform_video_id,
    placements.channel_name as channel,
    placements.matched_by,
    placements.title,
    placements.ad_name,
    placements.url_code as tag,
    placements.duration_seconds,
    placements.published_date,
    totals.first_date,
    totals.last_date,
    totals.views_definition,
    totals.impressions,
    totals.views,
    totals.watch_seconds,
    totals.spend_usd,
    coalesce(totals.is_unconverted, false) as is_unconverted,
    placements.is_listed
from placements
left join totals
    on placements.placement_key = totals.placement_key
