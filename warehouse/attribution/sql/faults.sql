-- One row per fault in the journey tables that would make credits wrong without a word.
with

paths as (

    select
        *,
        row_number() over (
            partition by conversion_type, path_id
            order by touched_at, touch_id
        ) as expected_position,
        count(*) over (partition by conversion_type, path_id) as expected_length
    from attribution_paths

),

conversions as (

    select
        *,
        count(*) over (partition by conversion_id) as copies
    from attribution_conversions

)

select
    conversion_id as key,
    concat('has a negative value (', cast(value_usd as varchar), ')') as fault,
    'a refund belongs into the amount of its own deal, not into a conversion' as remedy
from conversions
where value_usd < 0

union all

select
    conversion_id as key,
    'is booked twice' as fault,
    'int_journey__conversions has one row per conversion_id' as remedy
from conversions
where copies > 1

union all

select
    path_id as key,
    concat(
        'has position ', cast(position as varchar), ' where ',
        cast(expected_position as varchar), ' of ', cast(expected_length as varchar),
        ' belongs'
    ) as fault,
    'positions count 1 to path_length in the order of (touched_at, touch_id)' as remedy
from paths
where position <> expected_position or path_length <> expected_length

union all

select
    path_id as key,
    'is a converting path without a conversion' as fault,
    'int_journey__paths and int_journey__conversions come from one run of dbt' as remedy
from paths
where
    is_converted
    and not exists (
        select 1
        from conversions
        where
            conversions.conversion_id = paths.path_id
            and conversions.conversion_type = paths.conversion_type
    )

union all

select
    path_id as key,
    'has a touch after its conversion, or one without an age' as fault,
    'age_days is conversion minus touch, never negative' as remedy
from paths
where is_converted and (age_days is null or age_days < 0)
