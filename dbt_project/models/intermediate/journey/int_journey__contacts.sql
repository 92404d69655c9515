-- One row per CRM contact with the contact it was merged into (itself otherwise) and the
-- person it is: the hashed e-mail of that surviving contact. Twins in another CRM are left out.
with

contacts as (

    {{ union_rows('crm', 'contacts', 'crm_contacts') }}

),

twins as (

    select * from {{ ref('int_journey__crm_twins') }}
    where object = 'contact'

),

swallowed as (

    select
        account_id,
        contact_id as into_contact_id,
        {{ split_rows('merged_contact_ids', ';') }} as merged_contact_id
    from contacts
    where merged_contact_ids is not null

),

merged as (

    select
        account_id,
        merged_contact_id,
        min(into_contact_id) as into_contact_id
    from swallowed
    group by account_id, merged_contact_id

),

steps as (

    select
        contacts.*,
        coalesce(merged.into_contact_id, contacts.merged_into_id) as next_contact_id
    from contacts
    left join merged
        on
            contacts.account_id = merged.account_id
            and contacts.contact_id = merged.merged_contact_id

),

survivors as (

    -- merged into a lead that was then converted: two steps
    select
        steps.*,
        coalesce(later.next_contact_id, steps.next_contact_id, steps.contact_id)
            as surviving_contact_id
    from steps
    left join steps as later
        on
            steps.account_id = later.account_id
            and steps.next_contact_id = later.contact_id

)

select
    survivors.* exclude (next_contact_id),
    {{ key(["'person'", "coalesce(surviving.email_sha256, survivors.email_sha256, survivors.contact_id)"]) }}
        as person_key
from survivors
left join contacts as surviving
    on
        survivors.account_id = surviving.account_id
        and survivors.surviving_contact_id = surviving.contact_id
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
