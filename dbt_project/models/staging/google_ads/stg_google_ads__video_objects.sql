-- One row per account and ad that was ever shown, with the video it showed most that last day:
-- what the video graph needs to know of it.
with

ad_video_daily as (

    select * from {{ source('google_ads', 'ad_video_daily') }}

),

newest_first as (

    select
        *,
        row_number() over (
            partition by account_id, ad_id
            order by date desc, impressions desc, video_id asc
        ) as turn
    from ad_video_daily

)

select
    account_id,
    ad_id as object_id,
    nullif(video_id, '(not told)') as platform_video_id,  -- files do not name the video
    'youtube_ads' as channel,
    coalesce(video_title, ad_name) as title,
    ad_name,
    cast(video_duration_millis / 1000.0 as double) as duration_seconds,
    regexp_extract({{ json_text('ad_final_urls', '$[0]') }}, '\?(.*)$', 1) as url_tags
from newest_first
where turn = 1
