-- One row per identity that is linked to another one, and per contact of a CRM, with the person
-- it belongs to: whatever links lead to, over any number of steps. A person goes by the address
-- of a contact that was not merged away, the one known first; by another address or a contact's
-- id where there is none.
with recursive

links as (

    select
        *,
        {{ node('one_kind', 'one_account_id', 'one_id') }} as one,
        {{ node('other_kind', 'other_account_id', 'other_id') }} as other
    from {{ ref('int_journey__identity_links') }}

),

merged_away as (

    select * from {{ ref('int_journey__crm_merges') }}

),

contacts as (

    {{ union_rows('crm', 'contacts', 'crm_contacts') }}

),

named as (

    select
        links.other as node,
        'address' as identity_kind,
        '' as account_id,
        links.other_id as identity_id,
        case
            when links.linked_by = 'login' then 2
            when merged_away.contact_id is not null then 1
            else 0
        end as preference,
        links.linked_at as known_at
    from links
    left join merged_away
        on
            links.one_kind = 'contact'
            and links.one_account_id = merged_away.account_id
            and links.one_id = merged_away.contact_id
    where links.other_kind = 'address'
    union all
    select
        {{ node("'contact'", 'account_id', 'contact_id') }} as node,
        'contact' as identity_kind,
        account_id,
        contact_id as identity_id,
        3 as preference,
        created_at as known_at
    from contacts
    union all
    select
        one as node,
        one_kind as identity_kind,
        one_account_id as account_id,
        one_id as identity_id,
        4 as preference,
        linked_at as known_at
    from links
    union all
    select
        other as node,
        other_kind as identity_kind,
        other_account_id as account_id,
        other_id as identity_id,
        4 as preference,
        linked_at as known_at
    from links

),

identities as (

    select
        node,
        identity_kind,
        account_id,
        identity_id,
        min(preference) as preference,
        min(known_at) as known_at
    from named
    group by node, identity_kind, account_id, identity_id

),

neighbours as (

    select
        one as node,
        other as neighbour
    from links
    union all
    select
        other as node,
        one as neighbour
    from links

),

reached as (

    select
        node,
        node as also
    from identities
    union
    select
        reached.node,
        neighbours.neighbour as also
    from reached
    inner join neighbours
        on reached.also = neighbours.node

),

persons as (

    select
        reached.node,
        count(*) as identities_of_person,
        min_by(
            -- an address is the same everywhere, a contact's id is its portal's own
            case when also.identity_kind = 'address' then also.identity_id else also.node end,
            row(also.preference, coalesce(also.known_at, timestamp '9999-12-31'), also.node)
        ) as goes_by
    from reached
    inner join identities as also
        on reached.also = also.node
    group by reached.node

)

select
    identities.identity_kind,
    identities.account_id,
    identities.identity_id,
    identities.known_at,
    persons.identities_of_person,
    {{ key(["'person'", 'persons.goes_by']) }} as person_key
from identities
inner join persons
    on identities.node = persons.node
