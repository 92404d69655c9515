-- One row per account, video and day its public counters were read.
select * from {{ ref('mart_video_counters_daily') }}
