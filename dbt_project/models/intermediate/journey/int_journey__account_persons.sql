-- One row per account and person: all contacts of a deal's company count, those named in the
-- deal itself, and whoever opened its sales room, known by name or not.
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
    from {{ ref('int_journey__crm_deal_contacts') }} as deal_contacts
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

),

visitors as (

    select distinct
        deals.account_key,
        views.person_key
    from {{ ref('int_journey__site_views') }} as views
    inner join deals
        on views.deal_ref = deals.deal_id

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
union
select
    account_key,
    person_key
from visitors
