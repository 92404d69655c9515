-- One row per touch of a converting path: its weight, halved by every 7 days of age.
-- Age counts from the path's youngest touch: the same credits, and no weight vanishes.
with

half_life as (

    select 7.0 as half_life_days

),

paths as (

    select
        path_id,
        position,
        age_days - min(age_days) over (partition by path_id) as older_by_days
    from intermediate.int_journey__paths
    where is_converted

)

select
    paths.path_id,
    paths.position,
    power(2.0, -paths.older_by_days / half_life.half_life_days) as weight
from paths
cross join half_life
