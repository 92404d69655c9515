-- The first row of a file of outcomes that would make a lift wrong without a word.
with

twice as (

    select
        row_number,
        outcome_date,
        region,
        min(row_number) over (partition by outcome_date, region) as first_row_number
    from outcomes
    where outcome_date is not null and region is not null

),

faults as (

    select
        row_number,
        concat(
            'date is ', coalesce(date_as_written, 'empty'), ', no day: write 2026-03-31'
        ) as fault
    from outcomes
    where outcome_date is null

    union all

    select
        row_number,
        'region is empty: name the region, or leave the row out' as fault
    from outcomes
    where region is null

    union all

    select
        row_number,
        concat(
            'value is ', coalesce(value_as_written, 'empty'),
            case
                when value < 0 then
                    ': outcomes are never less than 0; book returns on the day of the sale'
                else ', no number: write 1234.5, and 0 where nothing came'
            end
        ) as fault
    from outcomes
    where value is null or not isfinite(value) or value < 0

    union all

    select
        row_number,
        concat(
            region, ' on ', outcome_date, ' stands in row ', first_row_number,
            ' already: give one row per day and region'
        ) as fault
    from twice
    where row_number > first_row_number

)

select
    row_number,
    fault
from faults
order by row_number, fault
limit 1
