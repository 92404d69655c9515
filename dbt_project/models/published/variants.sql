-- One row per variant of a video.
select
    variant_key,
    video_key,
    variant_id,
    format,
    language,
    duration_seconds,
    created_date,
    is_mapped
from {{ ref('dim_variants') }}
