-- One row per variant of the catalogue, with what platforms call it and where it is shown.
with

shown as (

    select
        variant_id,
        list(distinct title order by title) filter (where title is not null) as titles,
        list(distinct [platform, account_id]) as accounts,
        list(distinct channel_name) as channels,
        list(distinct published_date) filter (where published_date is not null) as days
    from intermediate.int_assets__placements
    where variant_id is not null
    group by variant_id

)

select
    variants.video_id,
    variants.variant_id,
    videos.title,
    coalesce(shown.titles, []) as titles,
    variants.format,
    coalesce(variants.duration_seconds, videos.duration_seconds) as duration_seconds,
    [videos.published_date, variants.created_date] || coalesce(shown.days, []) as days,
    coalesce(shown.accounts, []) as accounts,
    coalesce(shown.channels, []) as channels
from staging.stg_catalogue__variants as variants
inner join staging.stg_catalogue__videos as videos
    on variants.video_id = videos.video_id
left join shown
    on variants.variant_id = shown.variant_id
order by variants.video_id, variants.variant_id
