-- One row per source: how far its data reach, and why it is stale.
with

statuses as (

    select * from {{ source('meta', 'source_status') }}

),

quarantined as (

    select
        source,
        count(*) as quarantined
    from {{ source('quarantine', 'rows') }}
    group by source

)

select
    statuses.source,
    statuses.family,
    statuses.title,
    statuses.status,
    statuses.reason,
    statuses.last_date,
    statuses.expected_date,
    statuses.as_of as as_of_day,
    coalesce(quarantined.quarantined, 0) as quarantined,
    statuses.new_columns
from statuses
left join quarantined
    on statuses.source = quarantined.source
