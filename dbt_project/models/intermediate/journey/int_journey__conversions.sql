-- One row per conversion: a person becoming a lead, an account opening an opportunity, an
-- account signing. Its lookback decides which touches can have helped.
with

leads as (

    select * from {{ ref('int_journey__leads') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

),

deals as (

    select * from {{ ref('int_journey__deals') }}

),

every_conversion as (

    select
        {{ key(["'lead'", 'person_key']) }} as conversion_id,
        'lead' as conversion_type,
        person_key,
        cast(null as varchar) as account_key,
        lead_at as converted_at,
        cast(0 as decimal(18, 4)) as value_usd,
        {{ var('lead_lookback_days') }} as lookback_days
    from leads
    union all
    select
        {{ key(["'opportunity'", 'account_id', 'deal_id']) }} as conversion_id,
        'opportunity' as conversion_type,
        cast(null as varchar) as person_key,
        account_key,
        created_at as converted_at,
        coalesce(amount_usd, 0) as value_usd,
        {{ var('opportunity_lookback_days') }} as lookback_days
    from deals
    union all
    select
        {{ key(["'won'", 'account_id', 'deal_id']) }} as conversion_id,
        'won' as conversion_type,
        cast(null as varchar) as person_key,
        account_key,
        closed_at as converted_at,
        coalesce(amount_usd, 0) as value_usd,
        {{ var('won_lookback_days') }} as lookback_days
    from deals
    where is_won and closed_at is not null

)

select every_conversion.*
from every_conversion
cross join clock
where every_conversion.converted_at >= clock.as_of + 1 - {{ var('attribution_period_days') }}
