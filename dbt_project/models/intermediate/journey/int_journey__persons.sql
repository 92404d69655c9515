-- One row per anonymous id of the site with the person behind it. Deterministic links only:
-- the first e-mail it identified itself with, else its first login, and whom that leads to
-- (int_journey__identities). A browser is never a link itself: two may share it. A visitor
-- without a name is a person of its own.
{{ config(
    materialized='nightly',
    key=['account_id', 'anonymous_id'],
    hashed='anonymous_id',
    follows=['stg_site_events__events'],
    logs=['account_id', 'anonymous_id', 'visitor_key', 'person_key', 'is_identified'],
) }}
with

events as (

    select * from {{ ref('stg_site_events__events') }}
    where not is_bot and anonymous_id is not null

),

known as (

    {{ persons_by_name() }}

),

identified as (

    select
        account_id,
        anonymous_id,
        email_sha256,
        user_id,
        row_number() over (
            partition by account_id, anonymous_id
            order by email_sha256 is null, event_at, message_id
        ) as link_number
    from events
    where email_sha256 is not null or user_id is not null

),

visitors as (

    select distinct
        account_id,
        anonymous_id
    from events

)

select
    visitors.account_id,
    visitors.anonymous_id,
    {{ lookup_hash('visitors.anonymous_id') }} as anonymous_id_hash,
    identified.email_sha256,
    identified.user_id,
    identified.anonymous_id is not null as is_identified,
    {{ key(["'visitor'", 'visitors.account_id', 'visitors.anonymous_id']) }} as visitor_key,
    coalesce(
        by_address.person_key,
        case
            when identified.email_sha256 is not null
                then {{ key(["'person'", 'identified.email_sha256']) }}
        end,
        by_login.person_key,
        case
            when identified.user_id is not null
                then {{ key(["'person'", node("'login'", 'visitors.account_id', 'identified.user_id')]) }}
        end,
        {{ key(["'visitor'", 'visitors.account_id', 'visitors.anonymous_id']) }}
    ) as person_key
from visitors
left join identified
    on
        visitors.account_id = identified.account_id
        and visitors.anonymous_id = identified.anonymous_id
        and identified.link_number = 1
left join known as by_address
    on
        by_address.identity_kind = 'address'
        and identified.email_sha256 = by_address.identity_id
left join known as by_login
    on
        by_login.identity_kind = 'login'
        and identified.account_id = by_login.account_id
        and identified.user_id = by_login.identity_id
