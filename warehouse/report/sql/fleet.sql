-- One row: all videos together. `unused`: masters without a placement.
select
    count(*) as videos,
    count(*) filter (where is_mapped) as mapped,
    coalesce(sum(variants), 0) as variants,
    coalesce(sum(placements), 0) as placements,
    cast(sum(production_cost_usd) as double) as production_usd,
    cast(sum(adaptation_cost_usd) as double) as adaptation_usd,
    count(*) filter (where placements = 1) as single_use,
    count(*) filter (where coalesce(placements, 0) = 0) as unused
from published.videos
where video_key not in ('unmatched', 'all')
