-- One row per property, search type and report that is no total: queries, pages, and each
-- appearance (they overlap and are never added), with the days it covers. From daily rows, or
-- from an export of a whole period.
with

daily as (

    select
        account_id,
        search_type,
        'queries' as report,
        'all' as search_appearance,
        search_date,
        clicks,
        impressions
    from {{ ref('stg_search_console__queries_daily') }}
    union all
    select
        account_id,
        search_type,
        'pages' as report,
        'all' as search_appearance,
        search_date,
        clicks,
        impressions
    from {{ ref('stg_search_console__pages_daily') }}
    union all
    select
        account_id,
        search_type,
        'appearances' as report,
        search_appearance,
        search_date,
        clicks,
        impressions
    from {{ ref('stg_search_console__appearances_daily') }}

),

exported as (

    select
        account_id,
        split_part(report, '_', 1) as search_type,
        split_part(report, '_', 2) as report,
        case
            when split_part(report, '_', 2) = 'appearances' then breakdown_value else 'all'
        end as search_appearance,
        period_start_date,
        period_end_date,
        sum(case when metric = 'clicks' then amount end) as clicks,
        sum(case when metric = 'impressions' then amount end) as impressions
    from {{ ref('stg_search_console__reported_totals') }}
    where
        breakdown <> 'total'
        and split_part(report, '_', 2) in ('queries', 'pages', 'appearances')
    group by 1, 2, 3, 4, 5, 6

),

numbered as (

    select
        *,
        row_number() over (
            partition by account_id, search_type, report, search_appearance
            order by period_end_date desc, period_start_date asc
        ) as place
    from exported

)

select
    account_id,
    search_type,
    report,
    search_appearance,
    min(search_date) as period_start_date,
    max(search_date) as period_end_date,
    sum(clicks) as clicks,
    sum(impressions) as impressions
from daily
group by account_id, search_type, report, search_appearance
union all
select
    account_id,
    search_type,
    report,
    search_appearance,
    period_start_date,
    period_end_date,
    clicks,
    impressions
from numbered
where place = 1  -- periods overlap: the newest, and of these the longest
