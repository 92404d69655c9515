-- One row per deal of any CRM, deleted ones flagged; of a deal that two of them hold, the
-- one that is believed.
with

deals as (

    {{ union_rows('crm', 'deals', 'crm_deals') }}

),

twins as (

    select * from {{ ref('int_journey__crm_twins') }}
    where object = 'deal'

)

select deals.*
from deals
left join twins
    on
        deals.platform = twins.platform
        and deals.account_id = twins.account_id
        and deals.deal_id = twins.object_id
where twins.object_id is null
