-- One row per account and ad: what the video graph needs to know of it.
with

ads as (

    select * from {{ ref('stg_meta_ads__ads') }}

)

select
    account_id,
    ad_id as object_id,
    platform_video_id as creative_video_id,
    'meta' as channel,
    coalesce(video_title, ad_name) as title,
    ad_name,
    cast(duration_seconds as double) as duration_seconds,
    cast(created_at as date) as published_date,
    url_tags
from ads
