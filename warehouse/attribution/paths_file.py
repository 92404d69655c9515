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

from warehouse.attribution import modelled, queries, run
from warehouse.attribution.modelled import UNATTRIBUTED, ChannelRow
from warehouse.attribution.naming import guessed
from warehouse.attribution.queries import sql
from warehouse.attribution.rules import rules, summed
from warehouse.db import in_memory
from warehouse.lines import lines, refuse

COLUMNS = ("path", "total_conversions", "total_conversion_value", "total_null")
TIMED = frozenset({"time_decay"})  # rules that need the age of a touch


@dataclass(frozen=True)
class Attributed:
    """Channel rows of every method, and what was guessed or left out on the way."""

    rows: Sequence[ChannelRow]
    null_channels: Sequence[str]
    left_out: Sequence[str]
    notes: Sequence[str]


def attribute(path: Path) -> Attributed:
    """Every method that needs no times, on the paths of a CSV or Parquet file.

    Raises: FileRefused.
    """
    with in_memory() as con:
        read(con, path)
        known = queries.channels(con)
        nulls = [name for name in known if guessed(name).is_null]
        memory = modelled.memory(len(known))
        offer_paths(con, nulls, memory=memory)
        with summed(con, [name for name in rules() if name not in TIMED]):
            found = run.channel_rows(con, memory, varying=("weight",)).to_pylist()
    rows = [ChannelRow(**row) for row in found]
    return Attributed(
        rows=sorted((row for row in rows if _is_told(row)), key=_order),
        null_channels=nulls,
        left_out=[*sorted(TIMED), "causal"],
        notes=modelled.left_out(len(known)),
    )


def _is_told(row: ChannelRow) -> bool:
    return row.channel != UNATTRIBUTED or bool(row.conversions)


def _order(row: ChannelRow) -> tuple[str, float, str]:
    return (row.method, -row.conversions, row.channel)


def read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The file as tables `coded_paths` and `attribution_known_channels`.

    Rows are numbered as a reader counts them. Raises: FileRefused.
    """
    lines(con, path, "paths", COLUMNS)
    con.execute(sql("file/paths"))
    refuse(con, path, sql("file/faults"))
    con.execute("drop table lines_paths")
    con.execute(sql("file/written_channels"))
    untidy = "from written_channels where channel = '' or channel <> trim(channel)"
    if con.execute(untidy).fetchone():
        con.execute(sql("file/tidied"))
        con.execute(sql("file/written_channels"))
    con.execute(sql("file/coded"))


def offer_paths(
    con: duckdb.DuckDBPyConnection, nulls: Sequence[str], *, memory: int
) -> None:
    """The relations that all of attribution's SQL reads (queries.py)."""
    con.execute(
        "create temp table null_channels as select unnest(?::varchar[]) as channel",
        [list(nulls)],
    )
    opened = ",\n        ".join(
        f"unnest([{', '.join(['null'] * back)}] || channels) as channel_before_{back}"
        for back in range(memory, 0, -1)
    )
    ends = ",\n    ".join(
        f"channels[-{back}] as channel_before_{back}" for back in range(memory, 0, -1)
    )
    con.execute(sql("file/journeys").format(opened=opened, ends=ends))
