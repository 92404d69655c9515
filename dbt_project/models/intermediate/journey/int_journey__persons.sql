-- One row per anonymous id of the site with the person behind it. Deterministic links only:
-- the first e-mail it identified itself with; a visitor without one is a person of its own.
{{ config(
    materialized='nightly',
    key=['account_id', 'anonymous_id'],
    follows=['stg_site_events__events'],
    logs=['account_id', 'anonymous_id', 'visitor_key', 'person_key', 'is_identified'],
) }}
with

events as (

    select * from {{ ref('stg_site_events__events') }}
    where not is_bot and anonymous_id is not null

),

contacts as (

    {{ persons_by_email() }}

),

identified as (

    select
        account_id,
        anonymous_id,
        email_sha256,
        row_number() over (
            partition by account_id, anonymous_id order by event_at, message_id
        ) as link_number
    from events
    where email_sha256 is not null

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
    identified.email_sha256,
    identified.email_sha256 is not null as is_identified,
    {{ key(["'visitor'", 'visitors.account_id', 'visitors.anonymous_id']) }} as visitor_key,
    coalesce(
        contacts.person_key,
        case
            when identified.email_sha256 is not null
                then {{ key(["'person'", 'identified.email_sha256']) }}
        end,
        {{ key(["'visitor'", 'visitors.account_id', 'visitors.anonymous_id']) }}
    ) as person_key
from visitors
left join identified
    on
        visitors.account_id = identified.account_id
        and visitors.anonymous_id = identified.anonymous_id
        and identified.link_number = 1
left join contacts
    on identified.email_sha256 = contacts.email_sha256
