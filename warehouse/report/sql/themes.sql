-- One row per theme: which objectives its videos serve.
select
    theme,
    list(distinct objective order by objective) as objectives
from published.videos
where theme is not null
    and video_key not in ('unmatched', 'all')
    and objective <> 'unset'
group by theme
order by theme
