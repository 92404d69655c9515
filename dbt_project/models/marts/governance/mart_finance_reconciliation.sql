-- One row per month of the close date: what the CRM booked beside what accounting booked, both
-- at the rate of the close date. An amount that one of them corrected differs and stays.
with

lines as (

    select * from {{ ref('int_journey__finance_lines') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

),

by_deal as (

    select
        account_id,
        deal_id,
        sum(amount_native) as amount_native,
        min(currency_code) as currency_code,
        max(currency_code) as other_currency_code
    from lines
    where deal_id is not null
    group by account_id, deal_id

),

booked as (

    select
        cast(date_trunc('month', deals.closed_date) as date) as month_date,
        sum(deals.amount_usd) as booked_usd,
        count(*) as deals_booked,
        count(by_deal.deal_id) as deals_in_finance,
        count(by_deal.deal_id) filter (
            where deals.amount_native is distinct from by_deal.amount_native
            or coalesce(deals.currency_code, 'USD') <> by_deal.currency_code
            or by_deal.currency_code <> by_deal.other_currency_code
        ) as deals_differing,
        count(*) filter (where deals.is_unconverted) as unconverted
    from {{ ref('fct_deals') }} as deals
    left join by_deal
        on deals.account_id = by_deal.account_id and deals.deal_id = by_deal.deal_id
    where deals.is_won and deals.closed_date is not null
    group by 1

),

accounted as (

    select
        booked_month_date as month_date,
        sum(amount_usd) as finance_usd,
        count(*) as finance_lines,
        count(*) - count(deal_id) as lines_without_deal,
        count(*) filter (where is_unconverted) as unconverted
    from lines
    group by booked_month_date

),

months as (

    select
        coalesce(booked.month_date, accounted.month_date) as month_date,
        coalesce(booked.booked_usd, 0) as booked_usd,
        accounted.finance_usd,
        coalesce(booked.deals_booked, 0) as deals_booked,
        coalesce(booked.deals_in_finance, 0) as deals_in_finance,
        coalesce(booked.deals_differing, 0) as deals_differing,
        coalesce(accounted.finance_lines, 0) as finance_lines,
        coalesce(accounted.lines_without_deal, 0) as lines_without_deal,
        coalesce(booked.unconverted, 0) + coalesce(accounted.unconverted, 0)
            as unconverted_amounts
    from booked
    full outer join accounted
        on booked.month_date = accounted.month_date

),

known as (

    -- accounting tells of a month some days after its end, and the file has to reach it
    select
        months.*,
        coalesce(
            months.month_date <= (select max(month_date) from lines)
            and last_day(months.month_date) + {{ var('finance_arrival_days') }} <= clock.as_of,
            false
        ) as is_complete
    from months
    cross join clock

)

select
    month_date,
    cast(booked_usd as decimal(18, 4)) as booked_usd,
    cast(finance_usd as decimal(18, 4)) as finance_usd,
    cast(case when is_complete then booked_usd - coalesce(finance_usd, 0) end as decimal(18, 4))
        as difference_usd,
    deals_booked,
    deals_in_finance,
    case when is_complete then deals_booked - deals_in_finance end as deals_missing_in_finance,
    deals_differing,
    finance_lines,
    lines_without_deal,
    unconverted_amounts,
    is_complete
from known
