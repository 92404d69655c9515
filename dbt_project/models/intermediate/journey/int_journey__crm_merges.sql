-- One row per CRM contact that was merged away, with the contact it became. Some CRMs list in
-- the survivor what it swallowed, others name the survivor in what is left of the swallowed.
with

contacts as (

    {{ union_rows('crm', 'contacts', 'crm_contacts') }}

),

merged_away as (

    select
        account_id,
        {{ split_rows('merged_contact_ids', ';') }} as contact_id,
        contact_id as into_contact_id,
        1 as preference
    from contacts
    where merged_contact_ids is not null
    union all
    select
        account_id,
        contact_id,
        merged_into_id as into_contact_id,
        2 as preference
    from contacts
    where merged_into_id is not null

)

select
    account_id,
    contact_id,
    min_by(into_contact_id, row(preference, into_contact_id)) as into_contact_id
from merged_away
where contact_id <> into_contact_id
group by account_id, contact_id
