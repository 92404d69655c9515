-- One row per message: retries repeat it, the first arrival counts. A device's clock may run
-- ahead, so nothing happens after it was received. A table: journeys read it many times.
{{ config(
    materialized='nightly',
    key=['account_id', 'message_id'],
    logs=[
        'account_id',
        'anonymous_id',
        'event',
        'cast(event_at as date) as event_date',
        'coalesce(player_session_id, message_id) as view_id',
        'deal_ref',
        'email_sha256',
        'user_id',
        'is_bot',
    ],
    logs_at='event_at',
) }}
with

events as (

    select * from {{ source('site_events', 'events') }}

),

doubled as (

    -- few are: numbering every message would cost three times as much
    select
        account_id,
        message_id,
        min((received_at, file, row_number)) as first_arrival
    from events
    group by account_id, message_id
    having count(*) > 1

),

agents as (

    select
        user_agent,
        {{ is_robot('user_agent') }} as is_bot
    from events
    group by user_agent

),

renamed as (

    select
        events.account_id,
        events.message_id,
        {{ lookup_hash('events.message_id') }} as message_id_hash,
        -- what a server tells of a login came from no browser: the login stands for one
        coalesce(
            anonymous_id, case when player_session_id is null then 'login ' || user_id end
        ) as anonymous_id,
        user_id,
        email_sha256,
        {{ utc('least(event_at, events.received_at)') }} as event_at,
        {{ utc('events.received_at') }} as received_at,
        event,
        event_name,
        page_url,
        page_path,
        referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        click_id,
        video_ref,
        player_session_id,
        form_id,
        deal_ref,
        events.user_agent,
        consent as consent_json,
        position_seconds,
        total_seconds,
        {{ reached_quartile('event', 'quartile', 'position_seconds', 'total_seconds') }} as quartile,
        coalesce(agents.is_bot, false) as is_bot,
        events.file as file_name,
        events.row_number as line_number,
        _dlt_load_id as load_id
    from events
    left join doubled
        on
            events.account_id = doubled.account_id
            and events.message_id = doubled.message_id
    left join agents
        on events.user_agent = agents.user_agent
    where
        doubled.first_arrival is null
        or (events.received_at, events.file, events.row_number) = doubled.first_arrival

)

select
    *,
    {{ lookup_hash('anonymous_id') }} as anonymous_id_hash
from renamed
