-- One row per basis (period or cohort), video, channel and month.
select * from {{ ref('mart_video_return_monthly') }}
