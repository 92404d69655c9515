-- One row per platform, account, ad and day, with spend in USD at the day's rate. A row
-- without a rate keeps its native amount and a null in USD: flagged, never summed.
with

performance as (

    {{ union_family('paid', 'ad_performance_daily', 'performance', 'ad_id') }}

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

)

select
    performance.*,
    cast(performance.spend_native * rates.rate_to_usd as decimal(18, 4)) as spend_usd,
    performance.spend_native is not null
    and rates.rate_to_usd is null as is_unconverted
from performance
left join rates
    on
        performance.currency_code = rates.currency_code
        and performance.performance_date >= rates.valid_from
        and performance.performance_date < rates.valid_to
