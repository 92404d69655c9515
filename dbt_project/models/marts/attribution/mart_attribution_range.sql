-- One row per conversion type and channel: least and most that any method of counting gives it
-- (model risk), beside what was booked in all. The causal method answers another question, and
-- leaves most conversions to nobody: it stands beside this range, not in it.
with

channels as (

    select * from {{ ref('mart_attribution_channels') }}
    where method <> 'causal'

),

methods as (

    select distinct
        method,
        conversion_type
    from channels

),

names as (

    select distinct
        conversion_type,
        channel
    from channels

),

every_cell as (

    -- a method that gives a channel nothing has no row: that is a zero here
    select
        names.conversion_type,
        names.channel,
        methods.method,
        coalesce(channels.conversions, 0) as conversions,
        coalesce(channels.value_usd, 0) as value_usd
    from names
    inner join methods
        on names.conversion_type = methods.conversion_type
    left join channels
        on
            names.conversion_type = channels.conversion_type
            and names.channel = channels.channel
            and methods.method = channels.method

),

booked as (

    select
        conversion_type,
        count(*) as booked_conversions,
        sum(value_usd) as booked_value_usd
    from {{ ref('int_journey__conversions') }}
    group by conversion_type

)

select
    every_cell.conversion_type,
    every_cell.channel,
    count(*) as methods,
    min(every_cell.conversions) as conversions_min,
    max(every_cell.conversions) as conversions_max,
    min(every_cell.value_usd) as value_usd_min,
    max(every_cell.value_usd) as value_usd_max,
    max(booked.booked_conversions) as booked_conversions,
    cast(max(booked.booked_value_usd) as decimal(18, 4)) as booked_value_usd
from every_cell
left join booked
    on every_cell.conversion_type = booked.conversion_type
group by every_cell.conversion_type, every_cell.channel
