-- One row per subject: how much of it is joined to a video.
select
    subject,
    cast(covered as double) as covered,
    cast(total as double) as total,
    cast(share as double) as share
from published.tagging_coverage
order by list_position(['spend', 'watch_seconds', 'sessions', 'deals'], subject), subject
