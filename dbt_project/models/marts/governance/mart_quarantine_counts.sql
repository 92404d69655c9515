-- One row per source, table and reason: rows that were put aside and not lost.
with

quarantined as (

    select * from {{ source('quarantine', 'rows') }}

)

select
    source,
    table_name,
    column_name,
    reason,
    count(*) as rows_quarantined
from quarantined
group by source, table_name, column_name, reason
