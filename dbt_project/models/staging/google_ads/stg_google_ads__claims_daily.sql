-- One row per account, ad, day, interaction and window: the conversions that Google claims, on
-- the day of the click or view. What it lays to an impression and counts as a conversion is an
-- engaged view, whose window is three days unless an action says otherwise, which no field tells.
with

ad_conversions_daily as (

    select * from {{ source('google_ads', 'ad_conversions_daily') }}

),

by_window as (

    select
        *,
        case conversion_attribution_event_type
            when 'IMPRESSION' then 'engaged_view'
            else 'click'
        end as interaction,
        case conversion_attribution_event_type
            when 'IMPRESSION' then 3
            else coalesce(click_through_lookback_window_days, 30)
        end as window_days
    from ad_conversions_daily

)

select
    account_id,
    ad_id,
    date as performance_date,
    max(campaign_id) as campaign_id,
    interaction,
    window_days,
    sum(conversions) as claimed_conversions,
    cast(sum(conversions_value) as decimal(18, 4)) as claimed_value_native,
    max(currency_code) as currency_code,
    max(_dlt_load_id) as load_id
from by_window
group by account_id, ad_id, date, interaction, window_days
