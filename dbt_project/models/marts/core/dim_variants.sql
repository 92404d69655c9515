-- One row per variant (cut, format, language) of a video; an unmapped video has one.
with

variants as (

    select * from {{ ref('stg_catalogue__variants') }}

),

videos as (

    select * from {{ ref('dim_videos') }}

)

select
    {{ key(["'variant'", 'variant_id']) }} as variant_key,
    {{ key(["'video'", 'video_id']) }} as video_key,
    variant_id,
    format,
    language,
    cast(duration_seconds as double) as duration_seconds,
    created_date,
    true as is_mapped
from variants
union all
select
    video_key as variant_key,
    video_key,
    video_id as variant_id,
    cast(null as varchar) as format,
    cast(null as varchar) as language,
    duration_seconds,
    published_date as created_date,
    false as is_mapped
from videos
where not is_mapped
