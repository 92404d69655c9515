-- One row per account and ad. The video is the first of its creative, wherever it sits there.
with

ads as (

    select * from {{ source('meta_ads', 'ads') }}

),

renamed as (

    select
        account_id,
        id as ad_id,
        name as ad_name,
        campaign_id,
        adset_id,
        creative_id,
        video_id as platform_video_id,
        video_title,
        video_length as duration_seconds,
        url_tags,
        effective_status,
        {{ utc('created_time') }} as created_at,
        _dlt_load_id as load_id
    from ads

)

select * from renamed
