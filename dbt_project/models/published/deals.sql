-- One row per deal.
select
    account_id,
    deal_id,
    account_key,
    created_date,
    closed_date,
    stage_name as stage,
    is_won,
    is_closed,
    amount_usd,
    is_unconverted,
    first_contact_date,
    cycle_days,
    is_negative_velocity,
    is_video_sourced,
    is_video_influenced,
    is_exposed,
    has_testimonial_view,
    has_identified_viewer
from {{ ref('fct_deals') }}
