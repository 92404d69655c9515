-- One row per video and span of days with one title.
select
    video_key,
    title,
    max(title) filter (where is_current) over (partition by video_key) as current_title,
    valid_from,
    valid_to,
    is_current
from {{ ref('dim_video_names') }}
