-- One row per account, ad, region and day. Never added to the rows by ad and day: it is the
-- same delivery, told by place.
with

ad_insights_by_region as (

    select * from {{ source('meta_ads', 'ad_insights_by_region') }}

),

renamed as (

    select
        account_id,
        ad_id as object_id,
        'ad' as object_level,
        region,
        date_start as performance_date,
        account_currency as currency_code,
        cast(spend as decimal(18, 4)) as spend_native,
        cast(impressions as bigint) as impressions,
        cast(inline_link_clicks as bigint) as link_clicks,
        cast({{ action_value('video_play_actions', 'video_view') }} as bigint) as starts,
        cast({{ action_value('actions', 'video_view') }} as bigint) as plays_3s,
        _dlt_load_id as load_id
    from ad_insights_by_region

)

select * from renamed
