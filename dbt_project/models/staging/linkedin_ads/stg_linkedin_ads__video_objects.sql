-- One row per account and creative: what the video graph needs to know of it. The video's URN
-- is the same where an organic post shows it.
with

creatives as (

    select * from {{ source('linkedin_ads', 'creatives') }}

)

select
    account_id,
    id as object_id,
    video as creative_video_id,
    'linkedin_ads' as channel,
    name as title,
    name as ad_name,
    cast(video_duration / 1000.0 as double) as duration_seconds,
    cast({{ utc('created_at') }} as date) as published_date,
    nullif(regexp_extract(content_landing_page, '\?(.*)$', 1), '') as url_tags
from creatives
