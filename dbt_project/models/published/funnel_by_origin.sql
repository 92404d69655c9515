-- One row per origin of a lead.
select * from {{ ref('mart_funnel_by_origin') }}
