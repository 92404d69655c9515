-- One row per platform, account, ad and day, with spend in USD at the day's rate. A row
-- without a rate keeps its native amount and a null in USD: flagged, never summed. Campaigns
-- keep the name of the day; the name of today stands beside it.
with

performance as (

    {{ union_family('paid', 'ad_performance_daily', 'performance', 'ad_id') }}

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

),

accounts as (

    {{ ad_account_zones() }}

)

select
    performance.* exclude (day_zone),
    coalesce(accounts.day_zone, performance.day_zone) as day_zone,
    case
        when performance.campaign_id is null then performance.campaign_name
        else first_value(performance.campaign_name) over (
            partition by performance.platform, performance.account_id, performance.campaign_id
            order by performance.performance_date desc, performance.platform_object_id asc
        )
    end as current_campaign_name,
    cast(performance.spend_native * rates.rate_to_usd as decimal(18, 4)) as spend_usd,
    performance.spend_native is not null
    and rates.rate_to_usd is null as is_unconverted
from performance
left join accounts
    on
        performance.platform = accounts.platform
        and performance.account_id = accounts.account_id
left join rates
    on
        performance.currency_code = rates.currency_code
        and performance.performance_date >= rates.valid_from
        and performance.performance_date < rates.valid_to
