"""The SQL that turns one tracker's rows into the columns of the event table.

DuckDB does all of it over columns: finding a value under its possible names, casting,
hashing e-mail addresses, and saying why a row cannot be kept. Not here: files
(reading.py).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ingestion.sources.site_events.columns import (
    CLICK_PARAMETERS,
    EVENTS,
    NAMES,
    NUMBERS,
    OTHER,
    PATHS,
    PLAYER_EVENTS,
    TIMES,
)

REJECTED = ("rejected_column", "rejected_value", "rejected_reason")

# An address in a text, also inside a URL or behind a JSON escape.
_ADDRESS = r"""[^\s/?&=#:;,<>"''@]+(?:@|%40|\\u0040)[^\s/?&=#:;,<>"''@]+"""

MACROS = f"""
create or replace temp macro has_address(x) as
    contains(x, '@')
    or (contains(x, '40') and (contains(x, '%40') or contains(x, '\\u0040')));
create or replace temp macro scrubbed(x) as
    case
        when has_address(x) then regexp_replace(x, '{_ADDRESS}', '(removed)', 'g')
        else x
    end;
create or replace temp macro address_hash(x) as
    case
        when regexp_full_match(lower(trim(x)), '[0-9a-f]{{64}}') then lower(trim(x))
        when has_address(x) then sha256(lower(trim(replace(x, '%40', '@'))))
    end;
create or replace temp macro person(x) as
    case when has_address(x) then address_hash(x) else nullif(trim(x), '') end;
create or replace temp macro parameter(url, name) as
    case
        when contains(url, name || '=')
            then nullif(url_decode(replace(
                regexp_extract(url, '[?&]' || name || '=([^&#]*)', 1), '+', ' '
            )), '')
    end;
"""


def json_source(relation: str) -> str:
    """Rows (row_number, file, line) with the values at PATHS in the struct `found`.

    One parse of a line for all paths; looking them up one by one costs four times that.
    """
    shape = json.dumps(_shape())
    return (
        f"select row_number, file, json_valid(line) as is_read, line, "
        f"case when json_valid(line) then json_transform(line, '{shape}') end "
        f"as found from {relation}"
    )


def json_file_source(path: str, name: str) -> str:
    """The same of one file, read by DuckDB's own reader: fast, but a bad line is blank."""
    columns = ", ".join(f"\"{k}\": '{_kind(v)}'" for k, v in _shape().items())
    return (
        f"select row_number() over () as row_number, {_text(name)} as file, "
        "true as is_read, found from (select found from read_json("
        f"{_text(path)}, columns = {{{columns}}}, format = 'newline_delimited', "
        "ignore_errors = true, maximum_object_size = 67108864) as found)"
    )


def _kind(shape: Any) -> str:
    """A structure of json_transform as a type of read_json."""
    if isinstance(shape, list):
        return f"{_kind(shape[0])}[]"
    if isinstance(shape, dict):
        inner = ", ".join(f'"{name}" {_kind(each)}' for name, each in shape.items())
        return f"STRUCT({inner})"
    return "VARCHAR"


def json_expressions() -> dict[str, list[str]]:
    """Column -> expressions over `found`."""
    return {
        column: [_in_struct(path) for path in paths] for column, paths in PATHS.items()
    }


def _steps(path: str) -> list[tuple[str, bool]]:
    """Names along a path, and whether the first of a list is meant."""
    return [
        (step.removesuffix("[0]"), step.endswith("[0]")) for step in path.split(".")
    ]


def _in_struct(path: str) -> str:
    return "found" + "".join(
        f'."{name}"' + ("[1]" if listed else "") for name, listed in _steps(path)
    )


def _shape() -> Any:
    """The structure of an envelope as far as PATHS go; single values stay text."""
    shape: dict[str, Any] = {}
    for path in (path for paths in PATHS.values() for path in paths):
        inner, steps = shape, _steps(path)
        for name, listed in steps[:-1]:
            deeper = inner.setdefault(name, [{}] if listed else {})
            inner = deeper[0] if listed else deeper
        name, listed = steps[-1]
        inner[name] = ["VARCHAR"] if listed else "VARCHAR"
    return shape


def event_query(
    source: str,
    expressions: Mapping[str, Sequence[str]],
    *,
    account: str,
    snippet: str,
) -> str:
    """One row per row of `source`: the event columns, then why it is rejected, if so.

    `source` holds row_number, file, is_read. `expressions`: column -> SQL over `source`,
    the first that is not null wins. `snippet`: SQL for what to quote of a row that cannot
    be read at all.
    """
    found = ",\n".join(
        f"{_first(expressions.get(column, ()), column)} as {column}" for column in PATHS
    )
    said = ",\n".join(
        f"{_first(expressions.get(column, ()), None)} as {column}_text"
        for column in (*TIMES, *NUMBERS)
    )
    listed = ", ".join(
        f"('{name}', '{event}')" for event, names in NAMES.items() for name in names
    )
    players = ", ".join(f"'{event}'" for event in PLAYER_EVENTS)
    click = ", ".join(f"parameter(page_url, '{name}')" for name in CLICK_PARAMETERS)
    columns = {
        "account_id": _text(account),
        "message_id": "scrubbed(nullif(trim(message_id), ''))",
        "anonymous_id": "person(anonymous_id)",
        "user_id": "person(user_id)",
        "event": f"coalesce(names.event, '{OTHER}')",
        "event_name": "scrubbed(event_name)",
        "event_at": "event_at",
        "received_at": "received_at",
        "page_url": "scrubbed(page_url)",
        "page_path": "scrubbed(coalesce(page_path, "
        "nullif(regexp_extract(page_url, '^[a-zA-Z]+://[^/?#]+(/[^?#]*)', 1), '')))",
        "referrer": "scrubbed(referrer)",
        **{
            name: f"scrubbed(coalesce({name}, parameter(page_url, '{name}')))"
            for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content")
        },
        "click_id": f"scrubbed(coalesce(click_id, {click}))",
        "video_ref": "scrubbed(video_ref)",
        # Trackers call the session of a visit by the same name.
        "player_session_id": f"case when names.event in ({players}) "
        "then scrubbed(player_session_id) end",
        "position_seconds": "position_seconds",
        "total_seconds": "total_seconds",
        # Some write the number of the quartile, 1 to 4, others per cent.
        "quartile": "cast(case when quartile in (1, 2, 3, 4) then quartile * 25 "
        "else quartile end as bigint)",
        "form_id": "scrubbed(form_id)",
        "email_sha256": "coalesce(address_hash(email_sha256), address_hash(email), "
        "case when has_address(user_id) then address_hash(user_id) end)",
        "deal_ref": "scrubbed(deal_ref)",
        "user_agent": "scrubbed(user_agent)",
        "consent": "scrubbed(consent)",
        "file": "file",
        "row_number": "cast(row_number as bigint)",
    }
    shown = ",\n".join(f"{columns[name]} as {name}" for name in EVENTS)
    return f"""
with source_rows as ({source}),
found as (
    select row_number, file, is_read, {snippet} as snippet,
{found},
{said}
    from source_rows
),
names(name, event) as (values {listed}),
judged as (select *, {_rejection()} as rejection from found)
select
{shown},
rejection[1] as {REJECTED[0]}, scrubbed(left(rejection[2], 200)) as {REJECTED[1]},
rejection[3] as {REJECTED[2]}
from judged
left join names
    on regexp_replace(lower(event_name), '[^a-z0-9]', '', 'g') = names.name
"""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _first(expressions: Sequence[str], column: str | None) -> str:
    """The first value that is there, in the column's type (None: as text)."""
    kind = "varchar"
    if column in TIMES:
        kind = "timestamptz"
    elif column in NUMBERS:
        kind = "double"
    casts = [f"try_cast({each} as {kind})" for each in expressions]
    return f"coalesce({', '.join(casts)})" if casts else f"cast(null as {kind})"


def _rejection() -> str:
    """[column, value, reason] of the first thing that is wrong, else null."""
    cases = [("not is_read", "''", "snippet", "is no JSON object")]
    cases += [
        ("message_id is null", "'message_id'", "snippet", "has no message id"),
        (
            "coalesce(anonymous_id, user_id) is null",
            "'anonymous_id'",
            "snippet",
            "names nobody",
        ),
        ("event_name is null", "'event_name'", "snippet", "names no event"),
    ]
    cases += [
        (f"{name} is null", f"'{name}'", f"{name}_text", "is no time with a date")
        for name in TIMES
    ]
    cases += [
        (
            f"{name}_text <> '' and ({name} is null or not isfinite({name}) "
            f"or {name} < 0)",
            f"'{name}'",
            f"{name}_text",
            "is no number of at least 0",
        )
        for name in NUMBERS
    ]
    cases.append(("quartile > 100", "'quartile'", "quartile_text", "is above 100"))
    whens = " ".join(
        f"when {test} then [{column}, coalesce({value}, ''), '{reason}']"
        for test, column, value, reason in cases
    )
    return f"case {whens} end"
