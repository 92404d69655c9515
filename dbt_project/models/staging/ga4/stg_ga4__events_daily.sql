-- One row per property, day of its zone and event. Rows of fewer than some users are withheld
-- where users are asked for: is_thresholded says that this answer lacks some.
with

events_daily as (

    select * from {{ source('ga4', 'events_daily') }}

)

select
    account_id,
    date as performance_date,
    time_zone as day_zone,
    event_name,
    event_count as events,
    total_users as unique_users,
    coalesce(sampling_metadatas <> '[]', false) as is_sampled,
    coalesce(subject_to_thresholding, false) as is_thresholded,
    coalesce(data_loss_from_other_row, false)
    or coalesce(data_truncation_reasons <> '[]', false) as is_truncated,
    _dlt_load_id as load_id
from events_daily
