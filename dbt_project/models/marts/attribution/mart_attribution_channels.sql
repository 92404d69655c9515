-- One row per method, conversion type and channel: rules and Markov side by side.
with

channels as (

    select * from {{ source('analysis', 'attribution_channels') }}

)

select
    method,
    conversion_type,
    channel,
    cast(conversions as double) as conversions,
    cast(value_usd as double) as value_usd,
    cast(share as double) as share
from channels
