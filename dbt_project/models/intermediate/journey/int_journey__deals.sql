-- One row per deal, in USD at the rate of its close date (of today's day while it is open),
-- with when it entered evaluation and whether it closed before its first contact. An open
-- deal is known open until the clock's day; in files until the last day of its account.
with

deals as (

    select * from {{ ref('int_journey__crm_deals') }}

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

),

rates as (

    select * from {{ ref('int_assets__fx_rates') }}

),

deal_contacts as (

    select * from {{ ref('int_journey__crm_deal_contacts') }}

),

contacts as (

    select * from {{ ref('int_journey__contacts') }}

),

stage_changes as (

    select
        changes.account_id,
        changes.deal_id,
        min(changes.changed_at) filter (where lower(changes.stage_name) like '%evaluation%')
            as evaluation_at,
        max(changes.stage_name) filter (where changes.stage_id = deals.stage_id) as stage_name
    from {{ ref('int_journey__crm_deal_stages') }} as changes
    inner join deals
        on changes.account_id = deals.account_id and changes.deal_id = deals.deal_id
    group by changes.account_id, changes.deal_id

),

companies as (

    -- what a contact was before (a lead, a doubled contact) was its first contact too
    select
        deal_contacts.account_id,
        deal_contacts.deal_id,
        min(contacts.company_id) as company_id,
        min(contacts.contact_id) as contact_id,
        min(everything.created_at) as first_contact_at
    from deal_contacts
    inner join contacts
        on
            deal_contacts.account_id = contacts.account_id
            and deal_contacts.contact_id = contacts.contact_id
    inner join contacts as everything
        on
            contacts.account_id = everything.account_id
            and contacts.surviving_contact_id = everything.surviving_contact_id
    group by deal_contacts.account_id, deal_contacts.deal_id

)

select
    deals.platform,
    deals.account_id,
    deals.deal_id,
    {{ key([
        "'account'",
        'deals.account_id',
        'coalesce(companies.company_id, companies.contact_id, deals.deal_id)',
    ]) }} as account_key,
    companies.company_id,
    deals.created_at,
    cast(deals.created_at as date) as created_date,
    companies.first_contact_at,
    cast(companies.first_contact_at as date) as first_contact_date,
    stage_changes.evaluation_at,
    case when deals.is_closed then deals.closed_at end as closed_at,
    case when deals.is_closed then cast(deals.closed_at as date) end as closed_date,
    coalesce(stage_changes.stage_name, deals.stage_id) as stage_name,
    deals.is_closed,
    deals.is_won,
    deals.amount_native,
    deals.currency_code,
    cast(deals.amount_native * rates.rate_to_usd as decimal(18, 4)) as amount_usd,
    deals.amount_native is not null and rates.rate_to_usd is null as is_unconverted,
    -- calendar dates, not hours; to the last known day while it is open (censored)
    {{ days_between(
        'cast(coalesce(companies.first_contact_at, deals.created_at) as date)',
        "case
            when deals.is_closed then cast(deals.closed_at as date)
            when clock.mode = 'exports' then coalesce(reached.last_date, clock.as_of)
            else clock.as_of
        end"
    ) }} as cycle_days,
    deals.is_closed
    and companies.first_contact_at is not null
    and cast(deals.closed_at as date) < cast(companies.first_contact_at as date)
        as is_negative_velocity,
    deals.load_id
from deals
cross join clock
left join reached
    on deals.platform = reached.platform and deals.account_id = reached.account_id
left join companies
    on deals.account_id = companies.account_id and deals.deal_id = companies.deal_id
left join stage_changes
    on deals.account_id = stage_changes.account_id and deals.deal_id = stage_changes.deal_id
left join rates
    on
        coalesce(deals.currency_code, 'USD') = rates.currency_code
        and cast(case when deals.is_closed then deals.closed_at else deals.created_at end as date)
        >= rates.valid_from
        and cast(case when deals.is_closed then deals.closed_at else deals.created_at end as date)
        < rates.valid_to
where not deals.is_archived
