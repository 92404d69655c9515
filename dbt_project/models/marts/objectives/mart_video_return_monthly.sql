-- One row per basis, video, channel and month: what was spent beside what it brought. `period`
-- counts credit when the conversion came, `cohort` in the month of the touch that earned it:
-- a late conversion is in both, and the newest cohorts are still open.
with

period as (

    select
        'period' as basis,
        video_key,
        channel,
        cast(date_trunc('month', kpi_date) as date) as month_start_date,
        sum(spend_usd) as spend_usd,
        sum(attributed_revenue_usd) as attributed_revenue_usd,
        sum(attributed_leads) as attributed_leads
    from {{ ref('fct_video_return_daily') }}
    group by 2, 3, 4

),

earned as (

    select
        coalesce(credits.video_key, 'unmatched') as video_key,
        credits.channel,
        cast(date_trunc('month', touches.touched_at) as date) as month_start_date,
        sum(case when credits.conversion_type = 'won' then credits.value_usd else 0 end)
            as attributed_revenue_usd,
        sum(case when credits.conversion_type = 'lead' then credits.credit else 0 end)
            as attributed_leads
    from {{ source('analysis', 'attribution_credits') }} as credits
    inner join {{ ref('int_journey__touches') }} as touches
        on credits.touch_id = touches.touch_id
    where credits.method = '{{ var("headline_method") }}'
    group by 1, 2, 3

),

paid as (

    select
        video_key,
        channel,
        month_start_date,
        spend_usd
    from period
    where spend_usd <> 0

),

measured as (

    select distinct channel from paid

),

cohort as (

    select
        'cohort' as basis,
        coalesce(paid.video_key, earned.video_key) as video_key,
        coalesce(paid.channel, earned.channel) as channel,
        coalesce(paid.month_start_date, earned.month_start_date) as month_start_date,
        case when measured.channel is not null then coalesce(paid.spend_usd, 0) end as spend_usd,
        coalesce(earned.attributed_revenue_usd, 0) as attributed_revenue_usd,
        coalesce(earned.attributed_leads, 0) as attributed_leads
    from paid
    full outer join earned
        on
            paid.video_key = earned.video_key
            and paid.channel = earned.channel
            and paid.month_start_date = earned.month_start_date
    left join measured
        on coalesce(paid.channel, earned.channel) = measured.channel

),

every_view as (

    select * from period
    union all by name
    select * from cohort

)

select
    every_view.basis,
    every_view.video_key,
    every_view.channel,
    every_view.month_start_date,
    cast(every_view.spend_usd as decimal(18, 4)) as spend_usd,
    cast(every_view.attributed_revenue_usd as double) as attributed_revenue_usd,
    cast(every_view.attributed_leads as double) as attributed_leads,
    -- touches of the month's last day may still earn credit
    last_day(every_view.month_start_date)
    + case when every_view.basis = 'cohort' then {{ var('won_lookback_days') }} else 0 end
    > clock.as_of as is_open
from every_view
cross join {{ source('meta', 'clock') }} as clock
