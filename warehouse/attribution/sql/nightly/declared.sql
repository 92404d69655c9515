-- One row per channel and video that the team switches on and off by region on purpose.
select distinct
    experiments.channel,
    videos.video_key
from staging.stg_catalogue__experiments as experiments
inner join marts.dim_videos as videos
    on experiments.video_id = videos.video_id
where experiments.kind = 'geo'
