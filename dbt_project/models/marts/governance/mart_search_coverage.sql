-- One row per property, search type and report, appearances one by one as they overlap. Only
-- `dates` is a total: rare queries are withheld, pages of one result are counted twice.
with

by_date as (

    select * from {{ ref('stg_search_console__by_date') }}

),

parts as (

    select * from {{ ref('int_seo__search_parts') }}

),

totals as (

    select
        account_id,
        search_type,
        sum(clicks) as clicks,
        sum(impressions) as impressions
    from by_date
    group by account_id, search_type

),

compared as (

    select
        parts.account_id,
        parts.search_type,
        parts.report,
        parts.search_appearance,
        parts.clicks,
        parts.impressions,
        sum(by_date.clicks) as dates_clicks
    from parts
    left join by_date
        on
            parts.account_id = by_date.account_id
            and parts.search_type = by_date.search_type
            and by_date.search_date between parts.period_start_date and parts.period_end_date
    group by
        parts.account_id,
        parts.search_type,
        parts.report,
        parts.search_appearance,
        parts.clicks,
        parts.impressions

)

select
    account_id,
    search_type,
    report,
    coalesce(search_appearance, 'unknown') as search_appearance,
    cast(clicks as bigint) as clicks,
    cast(impressions as bigint) as impressions,
    {{ ratio('clicks', 'dates_clicks') }} as clicks_share_of_dates,
    false as is_total
from compared
union all
select
    account_id,
    search_type,
    'dates' as report,
    'all' as search_appearance,
    cast(clicks as bigint) as clicks,
    cast(impressions as bigint) as impressions,
    cast(case when clicks > 0 then 1 end as double) as clicks_share_of_dates,
    true as is_total
from totals
