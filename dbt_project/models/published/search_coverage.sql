-- One row per property, search type and report.
select * from {{ ref('mart_search_coverage') }}
