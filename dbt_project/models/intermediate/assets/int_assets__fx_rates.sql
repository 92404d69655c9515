-- One row per currency and span of days with one rate to USD. A rate holds until the next
-- one; USD is 1 for ever. Days before the first rate have none.
with

fx_rates as (

    select * from {{ ref('stg_catalogue__fx_rates') }}

),

spans as (

    select
        currency_code,
        rate_date as valid_from,
        coalesce(
            lead(rate_date) over (partition by currency_code order by rate_date),
            date '9999-12-31'
        ) as valid_to,
        cast(rate_to_usd as decimal(18, 8)) as rate_to_usd
    from fx_rates
    where currency_code <> 'USD'

)

select
    currency_code,
    valid_from,
    valid_to,
    rate_to_usd
from spans
union all
select
    'USD' as currency_code,
    date '1900-01-01' as valid_from,
    date '9999-12-31' as valid_to,
    cast(1 as decimal(18, 8)) as rate_to_usd
