-- One row per account and person: all contacts of a deal's company count, and those named
-- in the deal itself.
with

deals as (

    select * from {{ ref('int_journey__deals') }}

),

contacts as (

    select * from {{ ref('int_journey__contacts') }}

),

named as (

    select
        deals.account_key,
        contacts.person_key
    from {{ ref('stg_hubspot__deal_contacts') }} as deal_contacts
    inner join deals
        on
            deal_contacts.account_id = deals.account_id
            and deal_contacts.deal_id = deals.deal_id
    inner join contacts
        on
            deal_contacts.account_id = contacts.account_id
            and deal_contacts.contact_id = contacts.contact_id

),

colleagues as (

    select
        deals.account_key,
        contacts.person_key
    from deals
    inner join contacts
        on
            deals.account_id = contacts.account_id
            and deals.company_id = contacts.company_id

)

select
    account_key,
    person_key
from named
union
select
    account_key,
    person_key
from colleagues
