-- One row per account and ad, deleted ones too: what the video graph needs to know of it. The
-- name and digest of the file are the best trace to the master where the catalogue has none.
with

ads as (

    select * from {{ source('tiktok_ads', 'ads') }}

)

select
    account_id,
    ad_id as object_id,
    coalesce(video_id, tiktok_item_id) as platform_video_id,
    'tiktok_ads' as channel,
    coalesce(ad_name, video_file_name) as title,
    video_duration as duration_seconds,
    cast(substr(create_time, 1, 10) as date) as published_date,
    nullif(regexp_extract(landing_page_url, '\?(.*)$', 1), '') as url_tags
from ads
