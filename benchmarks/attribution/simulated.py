"""Touches and conversions of a simulated company, as files: for speed, not for truth.

Five touches a person over four weeks in the order of time, people and channels by a hash
(a few channels have most touches), one person in ten converts once in the last two weeks.
The same figures give the same files. Not here: companies whose truth is known (worlds.py).
"""

from pathlib import Path

import duckdb

TOUCHES_A_PERSON = 5
DAYS = 28
SKEW = 1.7  # of 20 channels the largest has 17 % of the touches, the smallest 3 %

TOUCHES = """
copy (
    select
        'u' || (hash(i) % {people}) as user_id,
        timestamp '2026-01-01' + to_microseconds(cast(i * {step} as bigint)) as touched_at,
        'channel_' || lpad(cast(cast(floor({channels} * pow(
            (hash(i + 7000000001) % 1048576) / 1048576.0, {skew}
        )) as integer) as varchar), {digits}, '0') as channel
    from range({touches}) as told (i)
) to '{folder}/touches.parquet' (compression zstd)
"""
CONVERSIONS = """
copy (
    select
        'c' || p as conversion_id,
        'u' || p as user_id,
        timestamp '2026-01-15' + to_microseconds(
            cast(hash(p + 77) % (14 * 86400000000) as bigint)
        ) as converted_at,
        round(20 + (hash(p + 5) % 10000) / 100.0, 2) as value
    from range({people}) as told (p)
    where hash(p + 13) % 10 = 0
) to '{folder}/conversions.parquet' (compression zstd)
"""
PATHS = """
copy (
    with

    journeys as (

        select
            string_agg(channel, ' > ' order by touched_at) as path,
            any_value(value) as value
        from '{folder}/touches.parquet'
        left join '{folder}/conversions.parquet' using (user_id)
        where converted_at is null or touched_at <= converted_at
        group by user_id

    )

    select
        path,
        count(value) as total_conversions,
        round(coalesce(sum(value), 0), 2) as total_conversion_value,
        count(*) - count(value) as total_null
    from journeys
    group by path
    order by path
) to '{folder}/paths.parquet' (compression zstd)
"""

CODED = """
create type channel_name as enum (
    select 'channel_' || lpad(cast(i as varchar), {digits}, '0')
    from range({channels}) as told (i)
    order by 1
);
create type token_name as enum (select unnest(enum_range(cast(null as channel_name))));
create type type_name as enum ('conversion');
create temp table null_channels as select unnest([]::varchar[]) as channel;
create temp table told_users as
select cast(p as integer) as person, 1.0 as weight from range({people}) as told (p);
create temp table told_conversions as
select
    cast(row_number() over () as integer) as conversion_number,
    cast(substr(user_id, 2) as integer) as person,
    converted_at,
    value
from ({conversions});
create temp table told_touches as
select
    row_number() over () as touch_id,
    cast(substr(user_id, 2) as integer) as person,
    touched_at,
    cast(channel as channel_name) as channel,
    cast(channel as token_name) as token
from ({told})
"""


def code(con: duckdb.DuckDBPyConnection, *, touches: int, channels: int) -> None:
    """The same touches and conversions as reading the files leaves them."""
    figures = _figures(Path(), touches, channels)
    inner = {
        "told": _select(TOUCHES).format(**figures),
        "conversions": _select(CONVERSIONS).format(**figures),
    }
    con.execute(CODED.format(**inner, **figures))


def _select(copied: str) -> str:
    return copied[copied.index("(") + 1 : copied.rindex(") to '")]


def _figures(folder: Path, touches: int, channels: int) -> dict[str, object]:
    return {
        "folder": folder,
        "touches": touches,
        "people": max(1, touches // TOUCHES_A_PERSON),
        "step": DAYS * 86_400_000_000 / touches,
        "channels": channels,
        "digits": len(str(channels - 1)),
        "skew": SKEW,
    }


def write(folder: Path, *, touches: int, channels: int, paths: bool = True) -> None:
    """touches.parquet, conversions.parquet and, if asked for, paths.parquet: distinct
    paths with what each of them brought."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = _figures(folder, touches, channels)
    with duckdb.connect() as con:
        con.execute(
            "set enable_progress_bar = false; set TimeZone = 'UTC'; "
            f"set memory_limit = '4GB'; set temp_directory = '{folder / 'spilled'}'"
        )
        for statement in (TOUCHES, CONVERSIONS, *([PATHS] if paths else [])):
            con.execute(statement.format(**figures))
