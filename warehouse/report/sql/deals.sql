-- One row: closed deals by whether a video was seen before. Deals won before their
-- first contact stay out of the days and are counted.
select
    count(*) as deals,
    count(*) filter (where is_won) as won,
    count(*) filter (where not is_closed) as open,
    count(*) filter (where is_negative_velocity) as negative,
    count(*) filter (where has_identified_viewer) as identified,
    count(*) filter (where is_won and is_exposed) as exposed_won,
    count(*) filter (where is_closed and is_exposed) as exposed_closed,
    count(*) filter (where is_won and not is_exposed) as unexposed_won,
    count(*) filter (where is_closed and not is_exposed) as unexposed_closed,
    cast(median(cycle_days) filter (
        where is_won and is_exposed and not coalesce(is_negative_velocity, false)
    ) as double) as exposed_days,
    cast(median(cycle_days) filter (
        where is_won and not is_exposed and not coalesce(is_negative_velocity, false)
    ) as double) as unexposed_days
from published.deals
