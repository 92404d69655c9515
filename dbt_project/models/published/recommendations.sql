-- One row per recommendation ever issued; `is_current` marks those of the clock's day.
with

ledger as (

    select * from {{ source('analysis', 'recommendation_ledger') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    ledger.recommendation_id,
    cast(ledger.issued_at as date) as issued_date,
    ledger.unit,
    ledger.action,
    ledger.alternative,
    ledger.size,
    ledger.objective,
    ledger.gain_usd_mean,
    ledger.gain_usd_p10,
    ledger.gain_usd_p90,
    ledger.probability_beats,
    ledger.expected_loss,
    ledger.voi,
    ledger.cost,
    ledger.evidence_grade,
    ledger.guardrails,
    ledger.reason,
    ledger.expires_on,
    cast(ledger.issued_at as date) = clock.as_of as is_current
from ledger
cross join clock
