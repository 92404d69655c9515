-- One row per account, creative, day, interaction and window: conversions after a click and
-- after a view, on the day of either. The windows are those that a conversion has unless
-- somebody sets others: 30 days and 7. The value is of both together and cannot be parted.
with

ad_analytics_daily as (

    select * from {{ source('linkedin_ads', 'ad_analytics_daily') }}

),

by_window as (

    select
        account_id,
        creative_id as ad_id,
        date as performance_date,
        campaign_id,
        'click' as interaction,
        30 as window_days,
        cast(external_website_post_click_conversions as double) as claimed_conversions,
        currency as currency_code,
        _dlt_load_id as load_id
    from ad_analytics_daily
    union all
    select
        account_id,
        creative_id as ad_id,
        date as performance_date,
        campaign_id,
        'view' as interaction,
        7 as window_days,
        cast(external_website_post_view_conversions as double) as claimed_conversions,
        currency as currency_code,
        _dlt_load_id as load_id
    from ad_analytics_daily

)

select * from by_window
where claimed_conversions is not null
