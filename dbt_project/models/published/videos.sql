-- One row per video: what it is for and what it cost.
with

videos as (

    select * from {{ ref('dim_videos') }}

),

costs as (

    select * from {{ ref('mart_video_cost') }}

),

variants as (

    select
        video_key,
        count(*) as variants
    from {{ ref('dim_variants') }}
    group by video_key

),

placements as (

    select
        video_key,
        count(*) as placements
    from {{ ref('dim_placements') }}
    group by video_key

)

select
    videos.video_key,
    videos.video_id,
    videos.title,
    videos.objective,
    videos.role,
    videos.theme,
    videos.owner,
    videos.duration_seconds,
    videos.published_date,
    videos.is_mapped,
    videos.matched_by,
    coalesce(variants.variants, 0) as variants,
    coalesce(placements.placements, 0) as placements,
    costs.production_cost_usd,
    costs.adaptation_cost_usd,
    costs.media_spend_usd,
    costs.total_cost_usd
from videos
left join costs
    on videos.video_key = costs.video_key
left join variants
    on videos.video_key = variants.video_key
left join placements
    on videos.video_key = placements.video_key
