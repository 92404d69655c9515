{# Messages of files that came, went or came again. Pieces (a file's lines of one load) are
   counted again only where their load has another number of lines than it had. A message keeps its first arrival: what
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
{% set of_piece %}
    events._dlt_load_id = pieces.load_id
    and events.account_id = pieces.account_id
    and events.file = pieces.file
{% endset %}
{% set copy = "journal." ~ this.name ~ "__pieces" %}
{% set updated_pieces %}
    with loads as (
        select
            now.load_id,
            now.lines = known.lines as is_same
        from (
            select
                _dlt_load_id as load_id,
                count(*) as lines
            from {{ raw }}
            group by _dlt_load_id
        ) as now
        left join (
            select
                load_id,
                sum(lines) as lines
            from {{ copy }}
            group by load_id
        ) as known
            on now.load_id = known.load_id
    )
    select * from {{ copy }}
    where load_id in (select load_id from loads where is_same)
    union all
    {{ pieces | replace(
        "group by",
        "where _dlt_load_id in (select load_id from loads where is_same is not true) group by"
    ) }}
{% endset %}
{% set came_pieces %}
    select * from changed_pieces
    where not is_gone
{% endset %}
{% set came_lines %}
    select
        events.account_id,
        events.message_id,
        {{ lookup_hash('events.message_id') }} as message_id_hash,
        {{ utc('events.received_at') }} as received_at,
        events.file as file_name,
        events.row_number as line_number
    from {{ raw }} as events
    semi join came_pieces as pieces
        on {{ of_piece }}
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
    where message_id_hash in (select message_id_hash from came_lines)
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
        came_lines.account_id,
        came_lines.message_id
    from came_lines
    left join held
        on
            came_lines.account_id = held.account_id
            and came_lines.message_id = held.message_id
    where
        held.message_id is null
        or (came_lines.received_at, came_lines.file_name, came_lines.line_number)
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
    select events.* from {{ raw }} as events
    semi join came_pieces as pieces
        on {{ of_piece }}
    union all
    select events.* from {{ raw }} as events
    anti join came_pieces as pieces
        on {{ of_piece }}
    where events.message_id in (select message_id from gone_messages)
{% endset %}
{{ return({
    "compares": {"pieces": pieces},
    "updates": {"pieces": updated_pieces},
    "steps": [
        ("came_pieces", came_pieces),
        ("came_lines", came_lines),
        ("gone_messages", gone_messages),
        ("held_rows", held_rows),
        ("held", held),
        ("touched", touched),
        ("gone_rows", gone_rows),
        ("deliveries", deliveries),
    ],
    "dated_by": [],
    "reads": {raw | string: "deliveries"},
}) }}
{% endmacro %}
