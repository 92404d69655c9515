-- One row per platform video and hundredth of its length: the share still watching.
with

points as (

    select * from {{ ref('stg_youtube__retention_points') }}

),

placements as (

    select * from {{ ref('dim_placements') }}

)

select
    placements.video_key,
    placements.placement_key,
    placements.platform,
    points.elapsed_share,
    points.watching_share,
    points.period_start_date,
    points.period_end_date
from points
inner join placements
    on
        placements.platform = 'youtube'
        and points.account_id = placements.account_id
        and points.platform_video_id = placements.platform_object_id
