-- One row per lift test and estimator: what it found, and whether the causal method of last
-- night counts it. A test that was stored since then, or a night without that method: not read.
with

lift_tests as (

    select * from {{ source('analysis', 'lift_tests') }}

),

judged as (

    select * from {{ source('analysis', 'attribution_tests') }}

)

select
    lift_tests.test_id,
    lift_tests.estimator,
    lift_tests.channel,
    case when lift_tests.treated_regions is null then 'holdout' else 'regions' end as kind,
    lift_tests.name,
    lift_tests.treated_regions,
    lift_tests.control_regions,
    lift_tests.days_before,
    lift_tests.date_from as start_date,
    lift_tests.date_to as end_date,
    lift_tests.observed as observed_conversions,
    lift_tests.expected as expected_conversions,
    lift_tests.incremental_conversions,
    lift_tests.p05 as incremental_conversions_p05,
    lift_tests.p95 as incremental_conversions_p95,
    lift_tests.lift,
    lift_tests.lift_p05,
    lift_tests.lift_p95,
    lift_tests.share_of_conversions,
    lift_tests.share_se,
    lift_tests.p_space,
    lift_tests.p_time,
    lift_tests.p_sample_ratio,
    lift_tests.fit_error,
    lift_tests.relative_fit,
    lift_tests.gap_before,
    lift_tests.grade as evidence_grade,
    lift_tests.is_randomised,
    lift_tests.is_switched_off,
    lift_tests.is_quiet_before,
    lift_tests.is_sound,
    lift_tests.is_flagship,
    lift_tests.is_flagship and coalesce(judged.is_used, false) as is_used,
    case
        when not lift_tests.is_flagship then 'other_estimator'
        when judged.test_id is null then 'not_read'
        else judged.unused_because
    end as unused_because,
    lift_tests.is_flagship and coalesce(judged.is_conflict, false) as is_conflict,
    lift_tests.as_of_day
from lift_tests
left join judged
    on lift_tests.test_id = judged.test_id
