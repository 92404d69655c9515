-- One row per method, conversion type and channel.
select * from {{ ref('mart_attribution_channels') }}
