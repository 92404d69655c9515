"""Any file of rows as a table of text, and what its stamps say.

Not here: what the rows mean (touch_files.py, side_files.py).
"""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb


class TouchesRefused(ValueError):
    """A file cannot be counted; the message names file, row or column, value, remedy."""


def lines(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    needed: Sequence[str],
    optional: Sequence[str] = (),
) -> list[str]:
    """The file as table lines_<name>, all text, rows numbered as a reader counts them.

    The heading is row 1. Returns the columns beyond those named.
    """
    if not path.is_file():
        raise TouchesRefused(f"{path} is no file: name a CSV or Parquet file of {name}")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            source = con.read_parquet(str(path))
        else:
            source = con.read_csv(str(path), header=True, all_varchar=True)
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise TouchesRefused(
            f"{path} is no CSV or Parquet file of {name} with a header: {said}"
        ) from None
    missing = [column for column in needed if column not in source.columns]
    if missing:
        raise TouchesRefused(
            f"{path} lacks the column {missing[0]}: it has {', '.join(source.columns)}; "
            f"a file of {name} has {', '.join(needed)}"
        )
    more = [c for c in source.columns if c not in needed and c not in optional]
    told = ", ".join(
        f'cast("{c}" as varchar) as "{c}"'
        if c in source.columns
        else f'cast(null as varchar) as "{c}"'
        for c in (*needed, *optional, *more)
    )
    con.register("given_lines", source.to_arrow_table())
    con.execute(
        f"create or replace temp table lines_{name} as "
        f"select row_number() over () + 1 as row_number, {told} from given_lines"
    )
    con.unregister("given_lines")
    count = con.execute(f"select count(*) from lines_{name}").fetchone()
    if not count or count[0] == 0:
        raise TouchesRefused(
            f"{path} has a header and no rows: there are no {name} to count"
        )
    return more


def refuse(con: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    bad = con.execute(query).fetchone()
    if bad:
        raise TouchesRefused(f"{path}, row {bad[0]}: {bad[1]}")


def refuse_zone(time_zone: str | None) -> None:
    try:
        ZoneInfo(time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise TouchesRefused(
            f"{time_zone} is no time zone: write one like Europe/Berlin or UTC"
        ) from None


def stamp(column: str, time_zone: str | None) -> dict[str, str]:
    """SQL: the UTC time of a stamp, and whether it names its zone."""
    text = (
        f"regexp_replace(regexp_replace(trim({column}), "
        r"'^(.{10}[T ]\d{2}:\d{2})(\s*(Z|z|UTC|[+-].*)?)$', '\1:00\2'), "
        r"'(:\d{2}(\.\d+)?\s*[+-]\d{2})(\d{2})$', '\1:\3')"
    )
    zoned = (
        rf"coalesce(regexp_matches({text}, "
        r"':\d{2}(\.\d+)?\s*(Z|z|UTC|[+-]\d{2}(:\d{2})?)$'), false)"
    )
    bare = (
        f"timezone('UTC', timezone('{time_zone}', try_cast({text} as timestamp)))"
        if time_zone
        else "null"
    )
    return {
        "zoned": zoned,
        "stamp": f"case when {zoned} then "
        f"timezone('UTC', try_cast({text} as timestamptz)) else {bare} end",
    }
