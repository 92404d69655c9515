-- One row per lead, its stages, and whether its first thirty days are over (open cohorts are
-- left out of the rates).
with

leads as (

    select * from {{ ref('int_journey__leads') }}

),

clock as (

    select * from {{ source('meta', 'clock') }}

)

select
    leads.person_key,
    leads.platform,
    leads.account_id,
    leads.lead_date as kpi_date,
    leads.lead_at,
    leads.marketing_qualified_at,
    leads.sales_qualified_at,
    leads.opportunity_at,
    leads.customer_at,
    leads.origin,
    leads.lead_date <= clock.as_of - {{ var('lead_to_mql_days') }} as is_mature,
    case
        when not leads.tells_qualification then null  -- its CRM knows no such stage
        when leads.lead_date > clock.as_of - {{ var('lead_to_mql_days') }} then null
        when
            leads.marketing_qualified_at
            < leads.lead_at + to_days({{ var('lead_to_mql_days') }}) then 1
        else 0
    end as reached_mql
from leads
cross join clock
