-- One row per variant, channel, objective and metric: what is believed as of the clock's day.
with

states as (

    select * from {{ source('analysis', 'posterior_state') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    states.as_of_day,
    states.variant_key,
    states.channel,
    states.objective,
    states.metric,
    states.n_eff,
    states.mean,
    states.p025,
    states.p10,
    states.p50,
    states.p90,
    states.p975,
    states.prior_mean,
    states.shrink,
    states.probability_best,
    states.expected_loss,
    states.evidence_grade
from states
inner join clock
    on states.as_of_day = clock.as_of
