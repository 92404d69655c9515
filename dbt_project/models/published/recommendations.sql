-- One row per recommendation ever issued; `is_current` marks those of the clock's day.
with

ledger as (

    select * from {{ source('analysis', 'recommendation_ledger') }}

),

variants as (

    select
        variants.variant_key,
        variants.video_key,
        variants.variant_id,
        videos.title
    from {{ ref('dim_variants') }} as variants
    inner join {{ ref('dim_videos') }} as videos
        on variants.video_key = videos.video_key

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    ledger.recommendation_id,
    cast(ledger.issued_at as date) as issued_date,
    ledger.unit,
    ledger.variant_key,
    variants.video_key,
    variants.variant_id,
    variants.title,
    ledger.channel,
    ledger.metric,
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
    -- the ledger names variants by key and is never edited: readers get the title
    replace(ledger.reason, ledger.variant_key, coalesce(variants.title, ledger.variant_key))
        as reason,
    ledger.expires_on,
    cast(ledger.issued_at as date) = clock.as_of as is_current
from ledger
cross join clock
left join variants
    on ledger.variant_key = variants.variant_key
