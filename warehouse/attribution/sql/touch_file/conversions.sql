-- Conversions as a reader wrote them, with row numbers, and what they say.
create or replace temp table read_conversions as
select
    row_number,
    nullif(conversion_id, '') as conversion_id,
    count(*) over (partition by conversion_id) as copies,
    nullif(user_id, '') as user_id,
    converted_at as at_as_written,
    {stamp} as converted_at,
    value as value_as_written,
    try_cast(coalesce(nullif(value, ''), '0') as double) as value
from lines_conversions
