-- One row per message: retries repeat it, the first arrival counts. A device's clock may run
-- ahead, so nothing happens after it was received. A table: journeys read it many times.
{{ config(materialized='table') }}
with

events as (

    select * from {{ source('site_events', 'events') }}

),

arrivals as (

    -- numbered by key alone: a window over all columns costs six times as much
    select
        account_id,
        file,
        row_number,
        row_number() over (
            partition by account_id, message_id
            order by received_at, file, row_number
        ) as arrival
    from events

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
        message_id,
        anonymous_id,
        user_id,
        email_sha256,
        {{ utc('least(event_at, received_at)') }} as event_at,
        {{ utc('received_at') }} as received_at,
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
    inner join arrivals
        on
            events.account_id = arrivals.account_id
            and events.file = arrivals.file
            and events.row_number = arrivals.row_number
            and arrivals.arrival = 1
    left join agents
        on events.user_agent = agents.user_agent

)

select * from renamed
