-- One row per video and variant: the words for a key.
select
    video_key as key,
    coalesce(title, video_id, video_key) as name
from published.videos
union all
select
    variants.variant_key as key,
    concat_ws(
        ' ', coalesce(videos.title, variants.video_key),
        '(' || concat_ws(', ', variants.format, variants.language) || ')'
    ) as name
from published.variants
left join published.videos using (video_key)
order by key, name
