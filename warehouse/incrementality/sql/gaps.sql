-- Days and regions without a row, between the first day and the last: the first, and how many.
with

bounds as (

    select
        min(outcome_date) as first_date,
        max(outcome_date) as last_date
    from outcomes

),

expected as (

    select
        regions.region,
        cast(days.day as date) as outcome_date
    from (select distinct region from outcomes) as regions
    cross join (
        select unnest(generate_series(first_date, last_date, interval 1 day)) as day
        from bounds
    ) as days

),

missing as (

    select
        expected.outcome_date,
        expected.region
    from expected
    left join outcomes
        on expected.region = outcomes.region
        and expected.outcome_date = outcomes.outcome_date
    where outcomes.region is null

)

select
    outcome_date,
    region,
    count(*) over () as gaps
from missing
order by outcome_date, region
limit 1
