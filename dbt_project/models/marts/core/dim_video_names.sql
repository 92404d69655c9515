-- One row per video and span of days with one title. Lists are loaded whole and without their
-- past: what changed is closed on the day before the data clock and kept. A title that changes
-- twice in a day keeps the last.
{{ config(materialized="incremental", incremental_strategy="delete+insert", unique_key="video_key") }}

with

now_named as (

    select
        videos.video_key,
        videos.title,
        clock.as_of
    from {{ ref('dim_videos') }} as videos
    cross join {{ source('meta', 'clock') }} as clock

),

kept as (

    {% if is_incremental() %}
        select * from {{ this }}
    {% else %}
        select
            video_key,
            title,
            cast(null as date) as valid_from,
            cast(null as date) as valid_to,
            false as is_current
        from now_named
        where false
    {% endif %}

),

changed as (

    select
        now_named.video_key,
        now_named.title,
        greatest(now_named.as_of, kept.valid_from) as changed_date
    from now_named
    inner join kept
        on
            now_named.video_key = kept.video_key
            and kept.is_current
            and now_named.title <> kept.title

),

spans as (

    select
        kept.video_key,
        kept.title,
        kept.valid_from,
        case when kept.is_current then changed.changed_date - 1 else kept.valid_to end
            as valid_to
    from kept
    inner join changed
        on kept.video_key = changed.video_key
    where kept.valid_from < changed.changed_date
    union all
    select
        video_key,
        title,
        changed_date as valid_from,
        date '9999-12-31' as valid_to
    from changed
    union all
    select
        now_named.video_key,
        now_named.title,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to
    from now_named
    left join kept
        on now_named.video_key = kept.video_key
    where kept.video_key is null

)

select
    video_key,
    title,
    valid_from,
    valid_to,
    valid_to = date '9999-12-31' as is_current
from spans
