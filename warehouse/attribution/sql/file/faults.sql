-- The first row of a file of paths that would make credits wrong without a word.
with

faulty as (

    select *
    from counted_paths
    where
        not (
            conversions >= 0
            and isfinite(conversions)
            and value >= 0
            and isfinite(value)
            and nulls >= 0
            and isfinite(nulls)
        )
        or conversions is null
        or value is null
        or nulls is null
        or (value > 0 and conversions = 0)
    order by row_number
    limit 1

),

figures as (

    select
        row_number,
        unnest([
            {'name': 'total_conversions', 'written': conversions_as_written, 'figure': conversions},
            {'name': 'total_conversion_value', 'written': value_as_written, 'figure': value},
            {'name': 'total_null', 'written': nulls_as_written, 'figure': nulls}
        ]) as cell
    from faulty

),

faults as (

    select
        row_number,
        concat(
            cell.name, ' is ', coalesce(cell.written, 'empty'),
            case
                when cell.figure < 0 then ': a total is never less than 0'
                else ', no number: write 1234.5'
            end
        ) as fault
    from figures
    where cell.figure is null or not isfinite(cell.figure) or cell.figure < 0

    union all

    select
        row_number,
        concat(
            'a value of ', value_as_written,
            ' without a conversion: add the conversions that brought it'
        ) as fault
    from faulty
    where value > 0 and conversions = 0

)

select
    row_number,
    fault
from faults
order by row_number, fault
limit 1
