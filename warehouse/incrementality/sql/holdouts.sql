-- One row per hold-out of the catalogue whose arms are counted.
select
    experiment_id,
    name,
    channel,
    start_date,
    end_date,
    treated_units,
    control_units,
    treated_conversions,
    control_conversions,
    control_share
from staging.stg_catalogue__experiments
where
    kind = 'holdout'
    and channel is not null
    and control_share is not null
    and treated_units is not null
    and control_units is not null
    and treated_conversions is not null
    and control_conversions is not null
order by experiment_id
