-- One row per platform and channel: what it claims, a window each, beside our own count.
select
    platform,
    channel,
    cast(claimed_7d_click as double) as by_click,
    cast(claimed_1d_view as double) as by_view,
    cast(own_leads as double) as own_leads,
    cast(inflation_factor as double) as inflation_factor
from published.platform_claims
order by platform, channel
