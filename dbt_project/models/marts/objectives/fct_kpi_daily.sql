-- One row per KPI, video, channel and day: numerator and denominator, to be summed first
-- and divided last.
with

every_kpi as (

    {{ kpi_rows() }}

)

select
    kpi,
    objective,
    video_key,
    channel,
    kpi_date,
    numerator,
    denominator
from every_kpi
where numerator <> 0 or denominator <> 0
