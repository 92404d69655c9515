-- The rows of a file of outcomes, numbered as a reader counts them (the heading is row 1).
-- What cannot be read becomes null here and is refused by row.
create temp table outcomes as
select
    row_number,
    date as date_as_written,
    value as value_as_written,
    try_cast(trim(date) as date) as outcome_date,
    nullif(trim(region), '') as region,
    try_cast(trim(value) as double) as value
from lines_outcomes
