-- One row per customer and first day of a month: what recurs at its first moment, brought to
-- a month of 30.4375 days, in its own currency and in USD at that day's rate.
with

lines as (

    {{ union_rows('billing', 'recurring_lines', 'recurring_lines') }}

),

subscriptions as (

    {{ union_rows('billing', 'subscriptions', 'subscriptions') }}

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

),

served as (

    -- a period paid ahead ends with its subscription
    select
        lines.*,
        least(lines.period_end_at, coalesce(subscriptions.ended_at, lines.period_end_at))
            as served_until,
        cast(lines.amount_native as double) * 30.4375 * 86400
        / ({{ seconds_between('lines.period_start_at', 'lines.period_end_at') }}) as monthly_native
    from lines
    left join subscriptions
        on
            lines.platform = subscriptions.platform
            and lines.account_id = subscriptions.account_id
            and lines.subscription_id = subscriptions.subscription_id

),

months as (

    select cast(month_start as date) as month_start_date
    from (
        select
            {{ each_month(
                "(select min(period_start_at) from lines)", "(select as_of + 1 from clock)"
            ) }} as month_start
    ) as every_month

),

recurring as (

    select
        served.platform,
        served.account_id,
        served.customer_id,
        months.month_start_date,
        served.currency_code,
        cast(sum(served.monthly_native) as decimal(18, 4)) as recurring_native,
        max(served.load_id) as load_id
    from served
    inner join months
        on
            served.period_start_at <= months.month_start_date
            and served.served_until > months.month_start_date
    group by
        served.platform,
        served.account_id,
        served.customer_id,
        months.month_start_date,
        served.currency_code

)

select
    recurring.*,
    cast(recurring.recurring_native * rates.rate_to_usd as decimal(18, 4)) as recurring_usd
from recurring
left join rates
    on
        recurring.currency_code = rates.currency_code
        and recurring.month_start_date >= rates.valid_from
        and recurring.month_start_date < rates.valid_to
