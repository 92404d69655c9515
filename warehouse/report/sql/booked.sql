-- One row per conversion type: what is on record, and the part with a video touch.
with

by_method as (

    select
        conversion_type,
        method,
        coalesce(sum(conversions) filter (where is_video), 0) as conversions,
        coalesce(sum(value_usd) filter (where is_video), 0) as value_usd
    from published.attribution_channels
    left join published.channels using (channel)
    where method <> 'causal'
    group by conversion_type, method

),

booked as (

    select
        conversion_type,
        max(booked_conversions) as conversions,
        max(booked_value_usd) as value_usd
    from published.attribution_range
    group by conversion_type

)

select
    booked.conversion_type,
    cast(coalesce(any_value(booked.conversions), 0) as double) as conversions,
    cast(coalesce(any_value(booked.value_usd), 0) as double) as value_usd,
    count(by_method.method) as methods,
    cast(coalesce(min(by_method.conversions), 0) as double) as video_min,
    cast(coalesce(max(by_method.conversions), 0) as double) as video_max,
    cast(coalesce(min(by_method.value_usd), 0) as double) as video_usd_min,
    cast(coalesce(max(by_method.value_usd), 0) as double) as video_usd_max
from booked
left join by_method using (conversion_type)
group by booked.conversion_type
order by booked.conversion_type
