-- One row per source, table, column and reason: rows put aside, not lost.
select * from {{ ref('mart_quarantine_counts') }}
