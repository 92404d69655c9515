-- One row per lift test, by its reading in front, the last one first.
select
    channel,
    kind,
    name,
    coalesce(len(string_split(treated_regions, '|')), 0) as regions,
    coalesce(is_switched_off, false) as is_switched_off,
    start_date as start,
    end_date as end,
    incremental_conversions as added,
    incremental_conversions_p05 as low,
    incremental_conversions_p95 as high,
    share_of_conversions as share,
    evidence_grade as grade,
    coalesce(is_used, false) as is_used,
    unused_because,
    coalesce(is_conflict, false) as is_conflict
from published.lift_tests
where is_flagship
order by end_date desc, start_date desc, test_id
