-- One row per deal and moment it was put into a stage, with the stage's name; where a CRM has
-- no list of stages, the stage is its own name.
with

changes as (

    {{ union_rows('crm', 'deal_stage_changes', 'crm_deal_stages') }}

),

deals as (

    select * from {{ ref('int_journey__crm_deals') }}

),

stages as (

    {{ union_rows('crm_pipelines', 'pipeline_stages', 'crm_stages') }}

)

select
    changes.platform,
    changes.account_id,
    changes.deal_id,
    changes.stage_id,
    coalesce(stages.stage_name, changes.stage_id) as stage_name,
    changes.changed_at
from changes
inner join deals
    on
        changes.platform = deals.platform
        and changes.account_id = deals.account_id
        and changes.deal_id = deals.deal_id
left join stages
    on
        changes.platform = stages.platform
        and changes.account_id = stages.account_id
        and changes.stage_id = stages.stage_id
        and deals.pipeline_id = stages.pipeline_id
