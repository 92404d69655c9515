-- One row per person who became a lead: merged and doubled contacts count once, on the first
-- day any of them did.
with

contacts as (

    select * from {{ ref('int_journey__contacts') }}

)

select
    person_key,
    min_by(platform, account_id) as platform,
    min(account_id) as account_id,
    min(contact_id) as contact_id,
    min(company_id) as company_id,
    min(coalesce(lead_at, created_at)) as lead_at,
    cast(min(coalesce(lead_at, created_at)) as date) as lead_date,
    min(marketing_qualified_at) as marketing_qualified_at,
    min(sales_qualified_at) as sales_qualified_at,
    min(opportunity_at) as opportunity_at,
    min(customer_at) as customer_at,
    min(analytics_source) as origin,
    min(region) as region,
    max(cast(tells_qualification as integer)) = 1 as tells_qualification,
    count(*) as contacts,
    max(load_id) as load_id
from contacts
where coalesce(lifecycle_stage, 'lead') <> 'subscriber' or lead_at is not null
group by person_key
