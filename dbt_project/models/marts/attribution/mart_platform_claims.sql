-- One row per platform, channel, interaction and window: what the platform claims, beside the
-- leads of our own count with a touch of the channel so many days before. Claims are never
-- added together, and views on a platform leave no trace with us: no count stands beside them.
with

claimed as (

    select * from {{ ref('int_paid__claims_daily') }}

),

placements as (

    select * from {{ ref('int_assets__placements') }}

),

touches as (

    select * from {{ ref('int_journey__paths') }}
    where is_converted and conversion_type = 'lead'

),

claims as (

    select
        claimed.platform,
        placements.channel_name as channel,
        claimed.interaction,
        claimed.window_days,
        sum(claimed.claimed_conversions) as claimed_conversions,
        cast(sum(claimed.claimed_value_usd) as decimal(18, 4)) as claimed_value_usd
    from claimed
    inner join placements
        on
            claimed.platform = placements.platform
            and claimed.account_id = placements.account_id
            and claimed.platform_object_id = placements.platform_object_id
    group by
        claimed.platform,
        placements.channel_name,
        claimed.interaction,
        claimed.window_days

),

windows as (

    select distinct
        channel,
        window_days
    from claims
    where interaction = 'click'

),

touched as (

    select
        windows.channel,
        windows.window_days,
        cast(count(distinct touches.path_id) as double) as own_leads
    from windows
    left join touches
        on
            windows.channel = touches.channel
            and windows.window_days >= touches.age_days
    group by windows.channel, windows.window_days

)

select
    claims.platform,
    claims.channel,
    claims.interaction,
    claims.window_days,
    claims.claimed_conversions,
    claims.claimed_value_usd,
    touched.own_leads,
    {{ ratio('claims.claimed_conversions', 'touched.own_leads') }} as inflation_factor
from claims
left join touched
    on
        claims.channel = touched.channel
        and claims.window_days = touched.window_days
        and claims.interaction = 'click'
