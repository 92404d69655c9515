-- One row per placement that belongs to no video of the catalogue, with its spend and views.
select * from {{ ref('mart_unmapped_objects') }}
