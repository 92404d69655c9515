-- One row per conversion type: what was booked, and the part of it that had a touch.
-- A conversion without a value is counted with value 0.
select
    conversion_type,
    cast(sum(conversions) as double) as conversions,
    cast(coalesce(sum(value_usd), 0) as double) as value_usd,
    cast(coalesce(sum(case when is_touched then conversions end), 0) as double)
        as touched_conversions,
    cast(coalesce(sum(case when is_touched then value_usd end), 0) as double)
        as touched_value_usd
from attribution_conversions
group by conversion_type
order by conversion_type
