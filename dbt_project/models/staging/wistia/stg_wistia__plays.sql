-- One row per account and viewing session. A view is a start, whatever was watched.
with

events as (

    select * from {{ source('wistia', 'events') }}

),

renamed as (

    select
        account_id,
        event_key as play_id,
        visitor_key as visitor_id,
        media_id,
        {{ url_path('embed_url') }} as page_path,
        {{ utc('received_at') }} as viewed_at,
        received_date as viewed_date,
        'UTC' as day_zone,
        'wistia_sessions' as views_definition,
        cast(0 as double) as views_threshold_seconds,
        'start' as views_basis,
        least(percent_viewed, 1.0) as watch_share,
        email_sha256,
        _dlt_load_id as load_id
    from events

)

select * from renamed
