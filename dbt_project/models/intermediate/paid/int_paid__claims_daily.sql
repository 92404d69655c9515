-- One row per platform, account, ad, day, interaction and window: the conversions that the
-- platform claims, booked on the day of the click or view. No two rows of an ad and day may
-- be added: platforms count a customer once per window, and each platform for itself.
with

claims as (

    {{ union_family('claims', 'claims_daily', 'claims', 'ad_id') }}

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

)

select
    claims.*,
    cast(claims.claimed_value_native * rates.rate_to_usd as decimal(18, 4))
        as claimed_value_usd
from claims
left join rates
    on
        claims.currency_code = rates.currency_code
        and claims.performance_date >= rates.valid_from
        and claims.performance_date < rates.valid_to
