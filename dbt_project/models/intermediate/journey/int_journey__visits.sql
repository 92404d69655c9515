-- One row per visit: pages of one visitor without a pause over 30 minutes and without a new
-- campaign or click id. Its first page says where it came from.
{{ config(
    materialized='nightly',
    key=['account_id', 'anonymous_id'],
    at='visited_at',
    hashed='anonymous_id',
    follows=['stg_site_events__events'],
    logs=['account_id', 'anonymous_id'],
) }}
with

pages as (

    select * from {{ ref('stg_site_events__events') }}
    where event = 'page' and not is_bot and anonymous_id is not null

),

steps as (

    select
        *,
        lag(event_at) over (
            partition by account_id, anonymous_id order by event_at, message_id
        ) as previous_at
    from pages

),

landings as (

    select
        *,
        coalesce(
            previous_at is null
            or {{ seconds_between('previous_at', 'event_at') }} > 1800
            or utm_source is not null
            or click_id is not null,
            true
        ) as is_landing
    from steps

),

hosts as (

    select
        *,
        {{ url_host('referrer') }} as from_host,
        {{ url_host('page_url') }} as page_host
    from landings
    where is_landing

),

visits as (

    select
        *,
        case when from_host <> page_host then from_host end as referrer_host
    from hosts

)

select
    account_id,
    message_id as visit_id,
    anonymous_id,
    anonymous_id_hash,
    event_at as visited_at,
    page_path as landing_path,
    referrer_host,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    click_id,
    {{ channel_of('utm_source', 'utm_medium', 'referrer_host', 'click_id') }} as channel,
    load_id
from visits
