-- One row per media of a player, page and day, beside what the site's tracker counted of the
-- same variant there. Two counts of one play are never added: `is_believed` where the tracker
-- saw none and no player named before in the family saw any.
with

plays as (

    {{ union_rows('players', 'plays', 'plays') }}

),

medias as (

    {{ union_rows('players', 'medias', 'medias') }}

),

variants as (

    select * from {{ ref('stg_catalogue__variants') }}

),

named as (

    -- the longest id that stands in the name or a tag: bm-1-10 is not bm-1-1
    select
        medias.platform,
        medias.account_id,
        medias.media_id,
        min(medias.duration_seconds) as duration_seconds,
        max_by(variants.variant_id, length(variants.variant_id)) as variant_id
    from medias
    left join variants
        on contains(medias.named_text, lower(variants.variant_id))
    group by medias.platform, medias.account_id, medias.media_id

),

tracked as (

    select
        video_ref as variant_id,
        page_path,
        viewed_date,
        count(*) as starts
    from {{ ref('int_journey__site_views') }}
    where
        not is_sales_room
        and viewed_date in (select viewed_date from plays)
    group by video_ref, page_path, viewed_date

),

by_day as (

    select
        plays.platform,
        plays.account_id,
        plays.media_id,
        named.variant_id,
        plays.page_path,
        plays.viewed_date as performance_date,
        min(plays.precedence) as precedence,
        min(plays.day_zone) as day_zone,
        min(plays.views_definition) as views_definition,
        min(plays.views_threshold_seconds) as views_threshold_seconds,
        min(plays.views_basis) as views_basis,
        count(*) as starts,
        count(*) filter (where plays.watch_share >= 0.25) as p25_plays,
        count(*) filter (where plays.watch_share >= 0.5) as p50_plays,
        count(*) filter (where plays.watch_share >= 0.75) as p75_plays,
        count(*) filter (where plays.watch_share >= 0.97) as p100_plays,
        sum(plays.watch_share * named.duration_seconds) as watch_seconds,
        max(plays.load_id) as load_id
    from plays
    left join named
        on
            plays.platform = named.platform
            and plays.account_id = named.account_id
            and plays.media_id = named.media_id
    group by
        plays.platform,
        plays.account_id,
        plays.media_id,
        named.variant_id,
        plays.page_path,
        plays.viewed_date

)

select
    by_day.* exclude (precedence),
    tracked.starts as tracker_starts,
    tracked.starts is null
    and by_day.precedence = min(by_day.precedence) over (
        partition by
            coalesce(by_day.variant_id, by_day.media_id),
            by_day.page_path,
            by_day.performance_date
    ) as is_believed
from by_day
left join tracked
    on
        by_day.variant_id = tracked.variant_id
        and by_day.page_path = tracked.page_path
        and by_day.performance_date = tracked.viewed_date
