-- Rows that count views without saying what a view is, definitions that mean two things, and
-- sums of views that mix several. An empty result means that nothing is added across them.
with

performance as (

    select * from {{ ref('fct_video_performance_daily') }}

)

select 'views without a definition' as fault, platform as place
from performance
where views is not null and (views_definition is null or views_basis is null)
union all
select 'a definition that means two things' as fault, views_definition as place
from performance
where views_definition is not null
group by views_definition
having
    count(distinct platform) > 1
    or count(distinct coalesce(views_threshold_seconds, -1)) > 1
    or count(distinct views_basis) > 1
union all
select 'a row without a channel of ours' as fault, performance.platform as place
from performance
left join {{ ref('journey_channels') }} as channels
    on performance.channel = channels.channel
where channels.channel is null
union all
select 'a KPI that adds views of two definitions' as fault, kpis.kpi as place
from {{ ref('dim_kpis') }} as kpis
where
    regexp_matches(kpis.formula, '\bviews\b')
    and not regexp_matches(kpis.formula, 'views_threshold_seconds = \d+')
