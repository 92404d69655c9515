-- The rows of a file of paths, numbered as a reader counts them (the heading is row 1), with
-- their channels as a list. What is no number becomes null here and is refused by row.
create temp table counted_paths as
with

numbered as (

    select
        *,
        row_number() over () + 1 as row_number
    from lines_of_file

)

select
    row_number,
    path,
    list_filter(
        list_transform(string_split(coalesce(path, ''), '>'), lambda part: trim(part)),
        lambda part: part <> ''
    ) as channels,
    cast(total_conversions as varchar) as conversions_as_written,
    cast(total_conversion_value as varchar) as value_as_written,
    cast(total_null as varchar) as nulls_as_written,
    try_cast(coalesce(nullif(trim(cast(total_conversions as varchar)), ''), '0') as double)
        as conversions,
    try_cast(coalesce(nullif(trim(cast(total_conversion_value as varchar)), ''), '0') as double)
        as value,
    try_cast(coalesce(nullif(trim(cast(total_null as varchar)), ''), '0') as double) as nulls
from numbered
