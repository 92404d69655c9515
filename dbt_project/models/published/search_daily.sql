-- One row per property, search type and day; divide position_impressions by impressions.
select
    account_id,
    search_type,
    search_date,
    clicks,
    impressions,
    position_impressions
from {{ ref('stg_search_console__by_date') }}
