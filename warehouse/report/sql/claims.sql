-- One row per platform, channel, interaction and window: its claim beside our own count.
select
    platform,
    channel,
    interaction,
    cast(window_days as integer) as window_days,
    cast(claimed_conversions as double) as claimed,
    cast(own_leads as double) as own_leads,
    cast(inflation_factor as double) as inflation_factor
from published.platform_claims
order by platform, channel, interaction, window_days
