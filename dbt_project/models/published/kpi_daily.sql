-- One row per KPI, video, channel and day: sum numerator and denominator, then divide.
select
    kpi,
    objective,
    video_key,
    channel,
    kpi_date,
    numerator,
    denominator
from {{ ref('fct_kpi_daily') }}
