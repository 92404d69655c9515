-- One row per origin of a lead. Unknown and missing origins are shown and never ranked; open
-- leads are censored at the last day of their account's data, not counted as lost.
with

leads as (

    select * from {{ ref('fct_leads') }}

),

members as (

    select * from {{ ref('int_journey__account_persons') }}

),

won as (

    select
        members.person_key,
        min(deals.closed_date) as won_date,
        min(deals.cycle_days) as cycle_days
    from {{ ref('fct_deals') }} as deals
    inner join members
        on deals.account_key = members.account_key
    where deals.is_won
    group by members.person_key

),

joined as (

    select
        coalesce(leads.origin, '(none)') as origin,
        leads.person_key,
        leads.platform,
        leads.account_id,
        won.won_date,
        {{ days_between('leads.kpi_date', 'won.won_date') }} as days_to_close
    from leads
    left join won
        on leads.person_key = won.person_key

),

clock as (

    select * from {{ source('meta', 'clock') }}

),

reached as (

    select
        source as platform,
        account_id,
        max(loaded_to) as last_date
    from {{ source('meta', 'watermarks') }}
    group by source, account_id

)

select
    joined.origin,
    count(*) as leads,
    count(joined.won_date) as won,
    {{ ratio('count(joined.won_date)', 'count(*)') }} as win_rate,
    cast(median(joined.days_to_close) as double) as median_days_to_close_won,
    lower(joined.origin) not in ('(none)', 'unknown', 'other', 'offline') as is_ranked,
    count(*) - count(joined.won_date) as open_leads,
    max(coalesce(reached.last_date, clock.as_of)) as censored_date
from joined
cross join clock
left join reached
    on joined.platform = reached.platform and joined.account_id = reached.account_id
group by joined.origin
