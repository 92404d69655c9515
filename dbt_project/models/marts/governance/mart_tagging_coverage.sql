-- One row per subject: how much of it can be followed. What cannot is shown, not spread.
-- Watch time and not views: platforms count views differently, and those do not add.
with

performance as (

    select * from {{ ref('fct_video_performance_daily') }}

),

visits as (

    select * from {{ ref('int_journey__visits') }}

),

tags as (

    select distinct tag
    from {{ ref('int_assets__placements') }}
    where tag is not null

),

subjects as (

    select
        'spend' as subject,
        cast(sum(case when video_key <> 'unmatched' then spend_usd end) as double) as covered,
        cast(sum(spend_usd) as double) as total
    from performance
    union all
    select
        'watch_seconds' as subject,
        cast(sum(case when video_key <> 'unmatched' then watch_seconds end) as double) as covered,
        cast(sum(watch_seconds) as double) as total
    from performance
    union all
    select
        'sessions' as subject,
        cast(count(tags.tag) as double) as covered,
        cast(count(*) as double) as total
    from visits
    left join tags
        on visits.utm_content = tags.tag
    where visits.utm_source is not null
    union all
    select
        'deals' as subject,
        cast(count(*) filter (where has_identified_viewer) as double) as covered,
        cast(count(*) as double) as total
    from {{ ref('fct_deals') }}

)

select
    subject,
    coalesce(covered, 0) as covered,
    coalesce(total, 0) as total,
    {{ ratio('coalesce(covered, 0)', 'total') }} as share
from subjects
