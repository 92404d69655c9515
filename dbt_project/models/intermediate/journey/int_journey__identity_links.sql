-- One row per link between two identities of a person: hashed address, login of the site,
-- contact of a CRM. Deterministic links only. A login with many addresses is a shared one, an
-- address of many contacts stands for "none": what names many names nobody, and links nobody.
with

contacts as (

    {{ union_rows('crm', 'contacts', 'crm_contacts') }}

),

addresses as (

    select
        account_id,
        contact_id,
        email_sha256,
        created_at,
        count(*) over (partition by account_id, email_sha256) as contacts_of_address
    from contacts
    where email_sha256 is not null

),

logged_in as (

    select
        account_id,
        user_id,
        email_sha256,
        min(event_at) as first_at
    from {{ ref('stg_site_events__events') }}
    where user_id is not null and email_sha256 is not null and not is_bot
    group by account_id, user_id, email_sha256

),

logins as (

    select
        *,
        count(*) over (partition by account_id, user_id) as addresses_of_login,
        count(*) over (partition by account_id, email_sha256) as logins_of_address
    from logged_in

)

select
    'contact' as one_kind,
    account_id as one_account_id,
    contact_id as one_id,
    'address' as other_kind,
    '' as other_account_id,
    email_sha256 as other_id,
    'crm' as linked_by,
    created_at as linked_at
from addresses
where contacts_of_address <= {{ var('most_identities') }}
union all
select
    'login' as one_kind,
    account_id as one_account_id,
    user_id as one_id,
    'address' as other_kind,
    '' as other_account_id,
    email_sha256 as other_id,
    'login' as linked_by,
    first_at as linked_at
from logins
where
    addresses_of_login <= {{ var('most_identities') }}
    and logins_of_address <= {{ var('most_identities') }}
union all
select
    'contact' as one_kind,
    account_id as one_account_id,
    contact_id as one_id,
    'contact' as other_kind,
    account_id as other_account_id,
    into_contact_id as other_id,
    'crm merge' as linked_by,
    null as linked_at
from {{ ref('int_journey__crm_merges') }}
union all
select
    'contact' as one_kind,
    account_id as one_account_id,
    object_id as one_id,
    'contact' as other_kind,
    same_as_account_id as other_account_id,
    same_as_id as other_id,
    'crm sync' as linked_by,
    null as linked_at
from {{ ref('int_journey__crm_twins') }}
where object = 'contact'
