-- One row per source, table and reason of rows that were set aside.
select
    source,
    table_name,
    coalesce(reason, '') as reason,
    coalesce(cast(sum(rows_quarantined) as bigint), 0) as rows
from published.quarantine_counts
group by source, table_name, reason
order by rows desc, source, table_name, reason
