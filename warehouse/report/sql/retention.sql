-- One row per platform video of the listed masters: its last curve, the two most watched.
-- The same platform video is often placed twice, unpaid and as an ad: one curve.
with

points as (

    select
        curve.video_key,
        curve.platform,
        coalesce(placements.platform_object_id, curve.placement_key) as object_id,
        placements.variant_key,
        curve.elapsed_share,
        curve.watching_share,
        curve.period_end_date,
        placements.views
    from published.retention_curve as curve
    left join published.placements using (placement_key)
    where list_contains($videos, curve.video_key)
        and curve.elapsed_share is not null
        and curve.watching_share is not null

),

once as (

    select
        video_key,
        platform,
        object_id,
        elapsed_share,
        period_end_date,
        min(variant_key) as variant_key,
        max(watching_share) as watching_share,
        max(views) as views
    from points
    group by video_key, platform, object_id, elapsed_share, period_end_date

),

newest as (

    select *
    from once
    qualify period_end_date is not distinct from
        max(period_end_date) over (partition by video_key, object_id)

)

select
    video_key,
    platform,
    min(variant_key) as variant_key,
    list(elapsed_share order by elapsed_share) as elapsed,
    list(watching_share order by elapsed_share) as watching
from newest
group by video_key, platform, object_id
qualify row_number() over (
    partition by video_key order by max(views) desc nulls last, object_id
) <= 2
order by video_key, max(views) desc nulls last, object_id
