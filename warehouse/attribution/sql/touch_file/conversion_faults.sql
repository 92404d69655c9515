-- The first conversion that would make credits wrong without a word.
select
    row_number,
    case
        when conversion_id is null then 'conversion_id is empty: number the conversions'
        when copies > 1
            then concat('conversion ', conversion_id, ' is booked twice: keep one row of each')
        when user_id is null then 'user_id is empty: every conversion has a person'
        when converted_at is null and not {zoned} and not {zone_given}
            and try_cast(at_as_written as timestamp) is not null
            then concat(
                'converted_at is ', at_as_written,
                ', without a zone: write 2026-03-01T09:30:00+01:00, or name one with --time-zone'
            )
        when converted_at is null
            then concat(
                'converted_at is ', coalesce(at_as_written, 'empty'),
                ', no time: write 2026-03-01T09:30:00+01:00'
            )
        when value < 0
            then concat(
                'value is ', value_as_written,
                ': never less than 0, a refund belongs into the value of its own conversion'
            )
        else concat('value is ', value_as_written, ', no number: write 1234.5')
    end as fault
from read_conversions
where
    conversion_id is null
    or copies > 1
    or user_id is null
    or converted_at is null
    or value is null
    or not isfinite(value)
    or value < 0
order by row_number
limit 1
