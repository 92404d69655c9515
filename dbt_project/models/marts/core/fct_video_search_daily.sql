-- One row per property and day: pages that carry a video, and how many of them the video
-- search showed.
with

pages as (

    select
        account_id,
        search_date,
        {{ url_path('page_url') }} as page_path,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from {{ ref('stg_search_console__pages_daily') }}
    where lower(search_type) = 'video'
    group by 1, 2, 3

),

days as (

    select distinct
        account_id,
        search_date
    from {{ ref('stg_search_console__by_date') }}

),

carriers as (

    select
        page_path,
        min(start_date) as start_date,
        max(coalesce(end_date, date '9999-12-31')) as end_date
    from {{ ref('stg_catalogue__placements') }}
    where channel = 'site_player' and page_path is not null
    group by page_path

)

select
    days.account_id,
    days.search_date as kpi_date,
    count(*) as pages_with_video,
    count(*) filter (where pages.impressions > 0) as pages_shown,
    cast(coalesce(sum(pages.impressions), 0) as bigint) as impressions,
    cast(coalesce(sum(pages.clicks), 0) as bigint) as clicks
from days
inner join carriers
    on days.search_date >= carriers.start_date and days.search_date <= carriers.end_date
left join pages
    on
        days.account_id = pages.account_id
        and days.search_date = pages.search_date
        and carriers.page_path = pages.page_path
group by days.account_id, days.search_date
