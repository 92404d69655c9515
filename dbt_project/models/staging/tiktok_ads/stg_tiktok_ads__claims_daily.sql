-- One row per account, ad, day, interaction and window: conversions after a click and after a
-- view, on the day of either. The windows are those of the ad group as it is set today, and
-- TikTok's own (7 days, 1 day) where it names none.
with

ad_report_daily as (

    select * from {{ source('tiktok_ads', 'ad_report_daily') }}

),

by_window as (

    select
        *,
        'click' as interaction,
        click_attribution_window as named_window,
        7 as usual_days,
        cta_conversion as claimed_conversions
    from ad_report_daily
    union all
    select
        *,
        'view' as interaction,
        view_attribution_window as named_window,
        1 as usual_days,
        vta_conversion as claimed_conversions
    from ad_report_daily

)

select
    account_id,
    ad_id,
    stat_time_day as performance_date,
    campaign_id,
    interaction,
    case named_window
        when 'ONE_DAY' then 1
        when 'SEVEN_DAYS' then 7
        when 'FOURTEEN_DAYS' then 14
        when 'TWENTY_EIGHT_DAYS' then 28
        else usual_days
    end as window_days,
    cast(claimed_conversions as double) as claimed_conversions,
    currency as currency_code,
    _dlt_load_id as load_id
from by_window
where claimed_conversions is not null and coalesce(named_window, '') <> 'OFF'
