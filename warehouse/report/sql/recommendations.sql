-- One row per recommendation of today: the surest gain first, then what is worth knowing.
select
    recommendation_id,
    coalesce(unit, '') as unit,
    action,
    alternative,
    cast(size as varchar) as size,
    objective,
    cast(gain_usd_mean as double) as gain_mean,
    cast(gain_usd_p10 as double) as gain_low,
    cast(gain_usd_p90 as double) as gain_high,
    cast(probability_beats as double) as probability_beats,
    cast(voi as double) as voi,
    cast(cost as double) as cost,
    coalesce(evidence_grade, 'E') as grade,
    reason,
    cast(expires_on as date) as expires_on
from published.recommendations
where is_current
order by
    gain_low desc nulls last,
    action = 'hold',
    voi desc nulls last,
    recommendation_id
limit $limit
