-- One row per account and ad, deleted ones too: what the video graph needs to know of it. A
-- file keeps its digest in every account that it is uploaded to, its id in one alone.
with

ads as (

    select * from {{ source('tiktok_ads', 'ads') }}

)

select
    account_id,
    ad_id as object_id,
    tiktok_item_id as platform_video_id,  -- of an ad that shows a post
    video_id as creative_video_id,
    video_signature as asset_id,
    'tiktok_ads' as channel,
    coalesce(ad_name, video_file_name) as title,
    ad_name,
    video_duration as duration_seconds,
    cast(substr(create_time, 1, 10) as date) as published_date,
    nullif(regexp_extract(landing_page_url, '\?(.*)$', 1), '') as url_tags
from ads
