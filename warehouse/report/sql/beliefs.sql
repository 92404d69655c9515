-- One row per variant, channel and metric of the listed videos: the five best known each.
select
    variants.video_key,
    beliefs.variant_key,
    beliefs.channel,
    beliefs.metric,
    cast(beliefs.n_eff as double) as n_eff,
    cast(beliefs.mean as double) as mean,
    cast(beliefs.p025 as double) as low,
    cast(beliefs.p975 as double) as high,
    cast(beliefs.probability_best as double) as probability_best,
    beliefs.evidence_grade
from published.beliefs
inner join published.variants using (variant_key)
where list_contains($videos, variants.video_key)
qualify row_number() over (
    partition by variants.video_key
    order by beliefs.n_eff desc nulls last, beliefs.variant_key, beliefs.channel,
        beliefs.metric
) <= 5
order by
    variants.video_key,
    beliefs.n_eff desc nulls last,
    beliefs.variant_key,
    beliefs.channel,
    beliefs.metric
