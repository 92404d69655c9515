-- One row per placement of the listed videos, most shown first.
select
    placements.video_key,
    placements.variant_key,
    placements.channel,
    placements.platform,
    placements.matched_by,
    variants.format,
    variants.language,
    placements.start_date,
    placements.end_date,
    cast(placements.impressions as bigint) as impressions,
    cast(placements.views as bigint) as views,
    cast(placements.spend_usd as double) as spend_usd
from published.placements
left join published.variants using (variant_key)
where list_contains($videos, placements.video_key)
qualify row_number() over (
    partition by placements.video_key
    order by coalesce(placements.spend_usd, 0) desc,
        coalesce(placements.impressions, 0) desc, placements.placement_key
) <= 8
order by
    placements.video_key,
    coalesce(placements.spend_usd, 0) desc,
    coalesce(placements.impressions, 0) desc,
    placements.placement_key
