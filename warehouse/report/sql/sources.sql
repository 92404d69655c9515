-- One row per source.
select
    source,
    coalesce(family, 'own') as family,
    coalesce(title, source) as title,
    status,
    reason,
    last_date,
    expected_date,
    quarantined,
    nullif(nullif(trim(cast(new_columns as varchar)), ''), '0') as new_columns
from published.source_freshness
order by source
