-- One row per line of the finance file with the deal it books: in USD at the rate of that
-- deal's close date, so that it compares with the CRM; without a won deal at the month's last.
with

lines as (

    select * from {{ ref('stg_catalogue__finance') }}

),

deals as (

    -- the file names no portal: a deal id that two of them use is the first one's
    select
        deal_id,
        min(account_id) as account_id,
        min_by(closed_date, account_id) as closed_date
    from {{ ref('int_journey__deals') }}
    where is_won and closed_date is not null
    group by deal_id

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

),

placed as (

    select
        lines.*,
        deals.account_id,
        coalesce(deals.closed_date, cast(last_day(lines.month_date) as date)) as rate_date
    from lines
    left join deals
        on lines.deal_id = deals.deal_id

)

select
    placed.line_number,
    placed.account_id,
    case when placed.account_id is not null then placed.deal_id end as deal_id,
    placed.month_date,
    cast(date_trunc('month', placed.rate_date) as date) as booked_month_date,
    placed.account_name,
    placed.amount_native,
    placed.currency_code,
    cast(placed.amount_native * rates.rate_to_usd as decimal(18, 4)) as amount_usd,
    placed.amount_native is not null and rates.rate_to_usd is null as is_unconverted,
    placed.load_id
from placed
left join rates
    on
        placed.currency_code = rates.currency_code
        and placed.rate_date >= rates.valid_from
        and placed.rate_date < rates.valid_to
