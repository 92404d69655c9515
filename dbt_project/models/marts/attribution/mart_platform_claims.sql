-- One row per paid platform and channel: what it claims, window by window, beside the leads of
-- our own count that its clicks or views could have touched. Claims are never added together.
with

performance as (

    select * from {{ ref('fct_video_performance_daily') }}

),

claims as (

    select
        platform,
        channel,
        sum(claimed_conversions_7d_click) as claimed_7d_click,
        sum(claimed_conversions_1d_view) as claimed_1d_view
    from performance
    where
        claimed_conversions_7d_click is not null
        or claimed_conversions_1d_view is not null
    group by platform, channel

),

touched as (

    select
        channel,
        cast(count(distinct path_id) as double) as own_leads
    from {{ ref('int_journey__paths') }}
    where is_converted and conversion_type = 'lead' and age_days <= 7
    group by channel

)

select
    claims.platform,
    claims.channel,
    claims.claimed_7d_click,
    claims.claimed_1d_view,
    coalesce(touched.own_leads, 0) as own_leads,
    {{ ratio('claims.claimed_7d_click', 'coalesce(touched.own_leads, 0)') }} as inflation_factor
from claims
left join touched
    on claims.channel = touched.channel
