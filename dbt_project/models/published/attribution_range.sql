-- One row per conversion type and channel: how far the methods lie apart.
select * from {{ ref('mart_attribution_range') }}
