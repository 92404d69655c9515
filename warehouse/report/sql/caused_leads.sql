-- One row: leads on record, and those that would not have come; none where nobody can tell.
with

leads as (

    select
        sum(conversions) as leads,
        coalesce(sum(conversions) filter (where channel = 'unattributed'), 0) as unattributed,
        sum(conversions) filter (where channel = 'not_caused') as not_caused,
        sum(conversions_p05) filter (where channel = 'not_caused') as rest_low,
        sum(conversions_p95) filter (where channel = 'not_caused') as rest_high
    from published.attribution_channels
    where method = 'causal' and conversion_type = 'lead'

)

select
    leads,
    leads - unattributed - not_caused as caused,
    greatest(round(leads - unattributed - rest_high, 6), 0) as low,
    leads - unattributed - rest_low as high
from leads
where not_caused is not null
