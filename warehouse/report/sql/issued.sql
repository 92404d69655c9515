-- One row: how many recommendations there have been, and the last before today's.
select
    count(*) as issued,
    count(*) filter (where not is_current) as earlier,
    max(issued_date) filter (where not is_current) as last_earlier
from published.recommendations
