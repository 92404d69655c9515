-- One row per platform, account, video and day of organic video, in the platform's day zone:
-- its daily report, and what its lifetime counters gained where no report tells it.
with

reports as (

    {{ union_family('social', 'video_performance_daily', 'performance', 'platform_video_id') }}

),

counters as (

    select * from {{ ref('int_social__counters_daily') }}

),

told as (

    select * from reports
    union all by name
    select
        platform,
        account_id,
        platform_object_id,
        channel,
        snapshot_date as performance_date,
        day_zone,
        views_definition,
        views_threshold_seconds,
        views_basis,
        {{ counted_columns() }},
        gap_days,
        is_correction,
        load_id
    from counters
    where gap_days is not null and not coalesce(has_daily_report, false)

)

select
    platform,
    account_id,
    platform_object_id,
    performance_date,
    {{ performance_together(['platform', 'account_id', 'platform_object_id', 'performance_date']) }}
from told
group by platform, account_id, platform_object_id, performance_date
