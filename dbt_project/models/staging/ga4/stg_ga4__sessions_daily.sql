-- One row per property, day of its zone and Google's channel group: few dimensions, so that
-- nothing is folded together. What the landing pages have to add up to.
with

sessions_daily as (

    select * from {{ source('ga4', 'sessions_daily') }}

)

select
    account_id,
    date as performance_date,
    time_zone as day_zone,
    session_default_channel_group as channel_group,
    sessions,
    engaged_sessions,
    key_events,
    coalesce(sampling_metadatas <> '[]', false) as is_sampled,
    coalesce(subject_to_thresholding, false) as is_thresholded,
    coalesce(data_loss_from_other_row, false)
    or coalesce(data_truncation_reasons <> '[]', false) as is_truncated,
    _dlt_load_id as load_id
from sessions_daily
