-- One row per subject: how much of it can be followed.
select * from {{ ref('mart_tagging_coverage') }}
