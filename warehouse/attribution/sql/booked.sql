-- One row per conversion type: what was booked, and the part of it that had a touch.
-- A conversion without a value is counted with value 0.
with

touched as (

    select path_id
    from attribution_paths
    where is_converted and position = 1

)

select
    conversions.conversion_type,
    cast(sum(conversions.conversions) as double) as conversions,
    cast(coalesce(sum(conversions.value_usd), 0) as double) as value_usd,
    cast(
        coalesce(
            sum(case when touched.path_id is not null then conversions.conversions end), 0
        ) as double
    ) as touched_conversions,
    cast(
        coalesce(
            sum(case when touched.path_id is not null then conversions.value_usd end), 0
        ) as double
    ) as touched_value_usd
from attribution_conversions as conversions
left join touched on conversions.conversion_id = touched.path_id
group by conversions.conversion_type
order by conversions.conversion_type
