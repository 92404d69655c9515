-- The rows of a file of paths, numbered as a reader counts them (the heading is row 1). What is
-- no number becomes null here and is refused by row.
create temp table counted_paths as
select
    row_number,
    coalesce(path, '') as path,
    total_conversions as conversions_as_written,
    total_conversion_value as value_as_written,
    total_null as nulls_as_written,
    try_cast(coalesce(nullif(trim(total_conversions), ''), '0') as double) as conversions,
    try_cast(coalesce(nullif(trim(total_conversion_value), ''), '0') as double) as value,
    try_cast(coalesce(nullif(trim(total_null), ''), '0') as double) as nulls
from lines_paths
