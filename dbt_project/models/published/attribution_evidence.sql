-- One row per channel, and per video that is switched on and off by region on purpose.
select * from {{ ref('mart_attribution_evidence') }}
