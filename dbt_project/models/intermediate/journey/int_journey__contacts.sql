-- One row per CRM contact with the contact it was merged into (itself otherwise) and the
-- person it is: the hashed e-mail of that surviving contact.
with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

twins as (

    select
        account_id,
        contact_id as into_contact_id,
        {{ split_rows('merged_contact_ids', ';') }} as merged_contact_id
    from contacts
    where merged_contact_ids is not null

),

twin_of as (

    select
        account_id,
        merged_contact_id,
        min(into_contact_id) as into_contact_id
    from twins
    group by account_id, merged_contact_id

),

survivors as (

    select
        contacts.*,
        coalesce(twin_of.into_contact_id, contacts.contact_id) as surviving_contact_id
    from contacts
    left join twin_of
        on
            contacts.account_id = twin_of.account_id
            and contacts.contact_id = twin_of.merged_contact_id

)

select
    survivors.*,
    {{ key(["'person'", "coalesce(surviving.email_sha256, survivors.email_sha256, survivors.contact_id)"]) }}
        as person_key
from survivors
left join contacts as surviving
    on
        survivors.account_id = surviving.account_id
        and survivors.surviving_contact_id = surviving.contact_id
