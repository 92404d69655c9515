-- One row per origin of leads: ranked by win rate, those that cannot be ranked last.
select
    coalesce(origin, 'unknown') as origin,
    coalesce(leads, 0) as leads,
    coalesce(won, 0) as won,
    cast(win_rate as double) as win_rate,
    cast(median_days_to_close_won as double) as median_days,
    coalesce(is_ranked, false) as is_ranked,
    coalesce(open_leads, 0) as open_leads,
    censored_date
from published.funnel_by_origin
order by is_ranked desc, leads desc, origin
