-- One row per method, conversion type and channel, the causal method beside those that count
-- company. Intervals are 90 %, null where a method has none.
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
    cast(share as double) as share,
    cast(conversions_p05 as double) as conversions_p05,
    cast(conversions_p95 as double) as conversions_p95,
    evidence,
    evidence_grade
from channels
