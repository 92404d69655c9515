-- One row per platform, account, object, region and day: what was bought where (attribution
-- needs it), by ad or, where the platform tells no places of an ad, by ad group or campaign. Its
-- sums equal the rows by ad and day, or less where a platform hides small figures; the two are
-- never added.
with

performance as (

    {{ union_family('region', 'ad_performance_by_region_daily', 'region_performance', 'object_id') }}

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

)

select
    performance.*,
    cast(performance.spend_native * rates.rate_to_usd as decimal(18, 4)) as spend_usd
from performance
left join rates
    on
        performance.currency_code = rates.currency_code
        and performance.performance_date >= rates.valid_from
        and performance.performance_date < rates.valid_to
