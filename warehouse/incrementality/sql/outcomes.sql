-- The rows of a file of outcomes, numbered as a reader counts them (the heading is row 1).
-- What cannot be read becomes null here and is refused by row.
create temp table outcomes as
with

numbered as (

    select
        *,
        row_number() over () + 1 as row_number
    from lines_of_file

)

select
    row_number,
    cast(date as varchar) as date_as_written,
    cast(value as varchar) as value_as_written,
    try_cast(trim(cast(date as varchar)) as date) as outcome_date,
    nullif(trim(cast(region as varchar)), '') as region,
    try_cast(trim(cast(value as varchar)) as double) as value
from numbered
