"""Attribution on a file of counted paths, without a warehouse: the same SQL and the same
models on a database in memory.

A file has one row per distinct path: `path` ("a > b > a"), `total_conversions`,
`total_conversion_value`, `total_null` (paths that ended in nothing). It carries no times, so
methods that weigh by age are left out. Not here: printing (orchestration/cli/attribute.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.attribution import run
from warehouse.attribution.modelled import UNATTRIBUTED, ChannelRow
from warehouse.attribution.naming import guessed
from warehouse.attribution.queries import sql
from warehouse.attribution.rules import offered, rules
from warehouse.lines import lines, refuse

COLUMNS = ("path", "total_conversions", "total_conversion_value", "total_null")
TIMED = frozenset({"time_decay"})  # rules that need the age of a touch


@dataclass(frozen=True)
class Attributed:
    """Channel rows of every method, and what was guessed or left out on the way."""

    rows: Sequence[ChannelRow]
    null_channels: Sequence[str]
    left_out: Sequence[str]


def attribute(path: Path) -> Attributed:
    """Every method that needs no times, on the paths of a CSV or Parquet file.

    Raises: FileRefused.
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        _read(con, path)
        nulls = _null_channels(con)
        _offer_paths(con, nulls)
        with offered(con, [name for name in rules() if name not in TIMED]):
            found = run.channel_rows(con).to_pylist()
    rows = [ChannelRow(**row) for row in found]
    return Attributed(
        rows=sorted((row for row in rows if _is_told(row)), key=_order),
        null_channels=nulls,
        left_out=[*sorted(TIMED), "causal"],
    )


def _is_told(row: ChannelRow) -> bool:
    return row.channel != UNATTRIBUTED or bool(row.conversions)


def _order(row: ChannelRow) -> tuple[str, float, str]:
    return (row.method, -row.conversions, row.channel)


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The file as table `counted_paths`, rows numbered as a reader counts them."""
    lines(con, path, "paths", COLUMNS)
    con.execute(sql("file/paths"))
    refuse(con, path, sql("file/faults"))


def _null_channels(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Channels that are a signal of intent and no effect of their own, by their names."""
    rows = con.execute(
        "select distinct unnest(channels) as channel from counted_paths order by all"
    ).fetchall()
    return [name for (name,) in rows if guessed(name).is_null]


def _offer_paths(con: duckdb.DuckDBPyConnection, nulls: Sequence[str]) -> None:
    """The two views that all of attribution's SQL reads."""
    con.execute(
        "create temp table null_channels as select unnest(?::varchar[]) as channel",
        [list(nulls)],
    )
    con.execute(sql("file/journeys"))
