-- One row per CRM contact with the contact it was merged into (itself otherwise) and the
-- person it is. Twins in another CRM are left out, and what was merged into one.
with

contacts as (

    {{ union_rows('crm', 'contacts', 'crm_contacts') }}

),

merged_away as (

    select * from {{ ref('int_journey__crm_merges') }}

),

identities as (

    select * from {{ ref('int_journey__identities') }}
    where identity_kind = 'contact'

),

twins as (

    select * from {{ ref('int_journey__crm_twins') }}
    where object = 'contact'

),

survivors as (

    -- merged into a lead that was then converted: two steps
    select
        contacts.*,
        coalesce(onward.into_contact_id, merged.into_contact_id, contacts.contact_id)
            as surviving_contact_id
    from contacts
    left join merged_away as merged
        on
            contacts.account_id = merged.account_id
            and contacts.contact_id = merged.contact_id
    left join merged_away as onward
        on
            merged.account_id = onward.account_id
            and merged.into_contact_id = onward.contact_id

)

select
    survivors.*,
    identities.person_key
from survivors
inner join identities
    on
        survivors.account_id = identities.account_id
        and survivors.contact_id = identities.identity_id
left join twins
    on
        survivors.platform = twins.platform
        and survivors.account_id = twins.account_id
        and survivors.contact_id = twins.object_id
left join twins as surviving_twins
    on
        survivors.platform = surviving_twins.platform
        and survivors.account_id = surviving_twins.account_id
        and survivors.surviving_contact_id = surviving_twins.object_id
where twins.object_id is null and surviving_twins.object_id is null
