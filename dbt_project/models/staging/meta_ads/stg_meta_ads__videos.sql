-- One row per account and video of its library. Videos of boosted posts belong to a page and
-- are known by their ads only.
with

ad_videos as (

    select * from {{ source('meta_ads', 'ad_videos') }}

),

renamed as (

    select
        account_id,
        id as platform_video_id,
        title,
        length as duration_seconds,
        _dlt_load_id as load_id
    from ad_videos

)

select * from renamed
