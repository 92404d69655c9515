-- One row per account, ad, day, interaction and window that Meta was asked for. A claim is
-- booked on the day of the click or view. An empty list claims 0; a list never asked for is
-- no row.
with

ad_insights as (

    select * from {{ source('meta_ads', 'ad_insights') }}

),

taken_apart as (

    select
        account_id,
        ad_id,
        date_start as performance_date,
        campaign_id,
        account_currency as currency_code,
        cast({{ action_value('actions', var('meta_ads_conversion_action', 'lead'), '7d_click') }} as double)
            as by_click,
        cast({{ action_value('actions', var('meta_ads_conversion_action', 'lead'), '1d_view') }} as double)
            as by_view,
        _dlt_load_id as load_id
    from ad_insights

),

by_window as (

    select
        * exclude (by_click, by_view),
        'click' as interaction,
        7 as window_days,
        by_click as claimed_conversions
    from taken_apart
    union all
    select
        * exclude (by_click, by_view),
        'view' as interaction,
        1 as window_days,
        by_view as claimed_conversions
    from taken_apart

)

select * from by_window
where claimed_conversions is not null
