-- One row per master video: of the catalogue, or its own master until somebody maps it,
-- and the bucket 'unmatched' for what carries no known video.
with

videos as (

    select * from {{ ref('stg_catalogue__videos') }}

),

placements as (

    select * from {{ ref('int_assets__placements') }}

),

declared as (

    select
        {{ key(["'video'", 'video_id']) }} as video_key,
        video_id,
        title,
        objective,
        role,
        theme,
        owner,
        cast(duration_seconds as double) as duration_seconds,
        published_date,
        true as is_mapped,
        'catalogue' as matched_by
    from videos

),

own_masters as (

    select
        video_key,
        min(platform_video_id) as video_id,
        min(title) as title,
        'unset' as objective,
        max(duration_seconds) as duration_seconds,
        min(published_date) as published_date
    from placements
    where matched_by = 'own master'
    group by video_key

)

select
    video_key,
    video_id,
    coalesce(title, video_id) as title,
    objective,
    role,
    theme,
    owner,
    duration_seconds,
    published_date,
    is_mapped,
    matched_by
from declared
union all
select
    video_key,
    video_id,
    coalesce(title, video_id) as title,
    objective,
    cast(null as varchar) as role,
    cast(null as varchar) as theme,
    cast(null as varchar) as owner,
    duration_seconds,
    published_date,
    false as is_mapped,
    'own master' as matched_by
from own_masters
union all
select
    'unmatched' as video_key,
    'unmatched' as video_id,
    'Not matched to any video' as title,
    'unset' as objective,
    cast(null as varchar) as role,
    cast(null as varchar) as theme,
    cast(null as varchar) as owner,
    cast(null as double) as duration_seconds,
    cast(null as date) as published_date,
    false as is_mapped,
    'unmatched' as matched_by
