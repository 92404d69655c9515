-- The first row of the touches that would make credits wrong without a word.
select
    row_number,
    case
        when user_id is null then 'user_id is empty: every touch has a person, or an anonymous id'
        when touched_at is null and not {zoned} and not {zone_given}
            and try_cast(at_as_written as timestamp) is not null
            then concat(
                'touched_at is ', at_as_written,
                ', without a zone: write 2026-03-01T09:30:00+01:00, or name one with --time-zone'
            )
        when touched_at is null
            then concat(
                'touched_at is ', coalesce(at_as_written, 'empty'),
                ', no time: write 2026-03-01T09:30:00+01:00'
            )
        else concat(
            'watch_share is ', share_as_written,
            ', no share of the video: write a number from 0 to 1'
        )
    end as fault
from read_touches
where
    user_id is null
    or touched_at is null
    or (nullif(trim(share_as_written), '') is not null and watch_share is null)
    or not isfinite(watch_share)
    or watch_share < 0
    or watch_share > 1
order by row_number
limit 1
