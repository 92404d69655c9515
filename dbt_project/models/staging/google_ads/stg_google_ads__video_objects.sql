-- One row per account and ad that was ever shown, with the video it showed most that last day:
-- what the video graph needs to know of it. Its assets name it where `video` and files do not.
with

ad_video_daily as (

    select * from {{ source('google_ads', 'ad_video_daily') }}

),

ad_asset_daily as (

    select * from {{ source('google_ads', 'ad_asset_daily') }}
    where field_type = 'YOUTUBE_VIDEO'

),

told as (

    select
        * exclude (video_id),
        nullif(video_id, '(not told)') as platform_video_id  -- files do not name the video
    from ad_video_daily
    union all by name
    select
        * exclude (asset_id),
        youtube_video_id as asset_id,  -- the asset's own number leads nowhere else
        youtube_video_title as video_title
    from ad_asset_daily

),

newest_first as (

    select
        *,
        row_number() over (
            partition by account_id, ad_id
            order by
                case
                    when platform_video_id is not null then 1
                    when asset_id is not null then 2
                    else 3
                end,
                date desc,
                impressions desc,
                coalesce(platform_video_id, asset_id) asc
        ) as turn
    from told

)

select
    account_id,
    ad_id as object_id,
    platform_video_id,
    asset_id,
    'youtube_ads' as channel,
    coalesce(video_title, ad_name) as title,
    ad_name,
    cast(video_duration_millis / 1000.0 as double) as duration_seconds,
    regexp_extract({{ json_text('ad_final_urls', '$[0]') }}, '\?(.*)$', 1) as url_tags
from newest_first
where turn = 1
