-- One row per path that converted: its last channels, and what it brought.
select
    ends.* exclude (weight),
    conversions.conversions,
    conversions.value_usd
from attribution_ends as ends
inner join attribution_conversions as conversions
    on ends.path_id = conversions.conversion_id
where ends.is_converted
