{# Messages of files that came, went or came again. A message keeps its first arrival: what
   came in later than the row we hold is left aside, and where that row's file went, every
   other delivery of the message is looked for. #}
{% macro night_of_stg_site_events__events() %}
{% set raw = source("site_events", "events") %}
{% set pieces %}
    select
        account_id,
        file,
        _dlt_load_id as load_id,
        count(*) as lines
    from {{ raw }}
    group by account_id, file, _dlt_load_id
{% endset %}
{% set came_rows %}
    select
        events.rowid as _row,
        events.account_id,
        events.message_id,
        {{ utc('events.received_at') }} as received_at,
        events.file as file_name,
        events.row_number as line_number
    from {{ raw }} as events
    semi join (from changed_pieces where not is_gone) as pieces
        on
            events._dlt_load_id = pieces.load_id
            and events.account_id = pieces.account_id
            and events.file = pieces.file
{% endset %}
{% set gone_messages %}
    select
        events.account_id,
        events.message_id,
        events.rowid as _row
    from {{ this }} as events
    semi join (from changed_pieces where is_gone) as pieces
        on
            events.load_id = pieces.load_id
            and events.account_id = pieces.account_id
            and events.file_name = pieces.file
{% endset %}
{% set held_rows %}
    select rowid as _row from {{ this }}
    where message_id in (select message_id from came_rows)
{% endset %}
{% set held %}
    select
        rowid as _row,
        account_id,
        message_id,
        received_at,
        file_name,
        line_number
    from {{ this }}
    where rowid in (select _row from held_rows)
{% endset %}
{% set touched %}
    select
        account_id,
        message_id
    from gone_messages
    union
    select
        came_rows.account_id,
        came_rows.message_id
    from came_rows
    left join held
        on
            came_rows.account_id = held.account_id
            and came_rows.message_id = held.message_id
    where
        held.message_id is null
        or (came_rows.received_at, came_rows.file_name, came_rows.line_number)
        < (held.received_at, held.file_name, held.line_number)
{% endset %}
{% set gone_rows %}
    select _row from gone_messages
    union
    select held._row
    from held
    semi join touched
        on
            held.account_id = touched.account_id
            and held.message_id = touched.message_id
{% endset %}
{% set deliveries %}
    select * from {{ raw }}
    where rowid in (
        select _row from came_rows
        union
        select events.rowid as _row
        from {{ raw }} as events
        where events.message_id in (select message_id from gone_messages)
    )
{% endset %}
{{ return({
    "compares": {"pieces": pieces},
    "steps": [
        ("came_rows", came_rows),
        ("gone_messages", gone_messages),
        ("held_rows", held_rows),
        ("held", held),
        ("touched", touched),
        ("gone_rows", gone_rows),
        ("deliveries", deliveries),
    ],
    "dated_by": none,
    "reads": {raw | string: "deliveries"},
}) }}
{% endmacro %}
