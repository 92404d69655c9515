-- One row per conversion and touch inside its lookback, in order of (time, touch id); and
-- the touches of persons who never became a lead, as paths that did not convert.
{{ config(
    materialized='nightly',
    key=['path_id', 'is_converted'],
    follows=['int_journey__touches'],
) }}
with

conversions as (

    select * from {{ ref('int_journey__conversions') }}

),

touches as (

    select * from {{ ref('int_journey__touches') }}

),

conversions_of_persons as (

    select * exclude (account_key) from conversions
    where person_key is not null
    union
    select
        conversions.* exclude (account_key)
        replace (members.person_key as person_key)
    from conversions
    inner join {{ ref('int_journey__account_persons') }} as members
        on conversions.account_key = members.account_key

),

converting as (

    select
        conversions.conversion_id as path_id,
        conversions.conversion_type,
        true as is_converted,
        conversions.converted_at,
        conversions.value_usd,
        touches.touch_id,
        touches.person_key,
        touches.touched_at,
        touches.channel,
        touches.interaction,
        touches.video_key,
        touches.variant_key,
        touches.placement_key,
        touches.watch_share,
        touches.is_null_channel
    from conversions_of_persons as conversions
    inner join touches
        on
            conversions.person_key = touches.person_key
            and conversions.converted_at >= touches.touched_at
            and touches.touched_at >= conversions.converted_at - to_days(conversions.lookback_days)

),

last_touch as (

    select
        touches.person_key,
        max(touches.touched_at) as last_touched_at
    from touches
    left join {{ ref('int_journey__leads') }} as leads
        on touches.person_key = leads.person_key
    where leads.person_key is null
    group by touches.person_key

),

not_converting as (

    select
        touches.person_key as path_id,
        'lead' as conversion_type,
        false as is_converted,
        cast(null as timestamp) as converted_at,
        cast(0 as decimal(18, 4)) as value_usd,
        touches.touch_id,
        touches.person_key,
        touches.touched_at,
        touches.channel,
        touches.interaction,
        touches.video_key,
        touches.variant_key,
        touches.placement_key,
        touches.watch_share,
        touches.is_null_channel
    from touches
    inner join last_touch
        on
            touches.person_key = last_touch.person_key
            and touches.touched_at
            >= last_touch.last_touched_at - to_days({{ var('lead_lookback_days') }})

),

every_path as (

    select * from converting
    union all
    select * from not_converting

)

select
    *,
    cast(row_number() over (
        partition by path_id, is_converted order by touched_at, touch_id
    ) as integer) as position,
    cast(count(*) over (partition by path_id, is_converted) as integer) as path_length,
    {{ seconds_between('touched_at', 'converted_at') }} / 86400.0 as age_days
from every_path
