-- One row per channel of the journey.
select
    channel,
    family,
    is_video,
    is_paid,
    is_null_channel,
    says
from {{ ref('journey_channels') }}
