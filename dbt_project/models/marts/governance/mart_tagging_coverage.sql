-- One row per subject: how much of it can be followed. What cannot is shown, not spread.
-- Watch time and not views: platforms count views differently, and those do not add; mapped
-- views have a row per definition. Mapped is what a video of the catalogue was found for.
with

performance as (

    select
        fact.*,
        placements.matched_by not in ('own master', 'unmatched') as is_mapped
    from {{ ref('fct_video_performance_daily') }} as fact
    inner join {{ ref('int_assets__placements') }} as placements
        on fact.placement_key = placements.placement_key

),

visits as (

    select * from {{ ref('int_journey__visits') }}

),

persons as (

    select * from {{ ref('int_journey__persons') }}

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
        'mapped_spend' as subject,
        cast(sum(case when is_mapped then spend_usd end) as double) as covered,
        cast(sum(spend_usd) as double) as total
    from performance
    union all
    select
        'mapped_views: ' || views_definition as subject,
        cast(sum(case when is_mapped then views end) as double) as covered,
        cast(sum(views) as double) as total
    from performance
    where views_definition is not null and views is not null
    group by views_definition
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
        'visits' as subject,
        cast(count(*) filter (where persons.is_identified) as double) as covered,
        cast(count(*) as double) as total
    from visits
    inner join persons
        on
            visits.account_id = persons.account_id
            and visits.anonymous_id = persons.anonymous_id
    union all
    select
        'leads' as subject,
        cast(count(seen.person_key) as double) as covered,
        cast(count(*) as double) as total
    from {{ ref('int_journey__leads') }} as leads
    left join (select distinct person_key from persons) as seen
        on leads.person_key = seen.person_key
    -- before the first visit nobody could be seen
    where leads.lead_at >= (select min(visits.visited_at) from visits)
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
