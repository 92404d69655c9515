-- One row per lift test and estimator.
select * from {{ ref('mart_lift_tests') }}
