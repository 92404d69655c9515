-- One row per property, day of its zone, landing page, source, medium and tag. What is not
-- known is (not set), as Google says it; what was folded together is (other). The flags
-- are those of the answer: withheld, estimated or folded rows make the sums too small.
with

landing_pages_daily as (

    select * from {{ source('ga4', 'landing_pages_daily') }}

)

select
    account_id,
    landing_page as page_path,
    date as performance_date,
    time_zone as day_zone,
    session_source as traffic_source,
    session_medium as traffic_medium,
    session_manual_ad_content as tag,
    sessions,
    engaged_sessions,
    key_events,
    coalesce(sampling_metadatas <> '[]', false) as is_sampled,
    coalesce(subject_to_thresholding, false) as is_thresholded,
    coalesce(data_loss_from_other_row, false)
    or coalesce(data_truncation_reasons <> '[]', false) as is_truncated,
    _dlt_load_id as load_id
from landing_pages_daily
