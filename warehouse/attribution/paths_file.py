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
from warehouse.attribution.queries import sql
from warehouse.attribution.rules import offered, rules

COLUMNS = ("path", "total_conversions", "total_conversion_value", "total_null")
TIMED = frozenset({"time_decay"})  # rules that need the age of a touch
NULL_WORDS = frozenset({"direct", "(direct)", "none", "(none)", "not set", "(not set)"})


class PathsRefused(ValueError):
    """The file cannot be counted; the message names column or row, value and remedy."""


@dataclass(frozen=True)
class Attributed:
    """Channel rows of every method, and what was guessed or left out on the way."""

    rows: Sequence[ChannelRow]
    null_channels: Sequence[str]
    left_out: Sequence[str]


def attribute(path: Path) -> Attributed:
    """Every method that needs no times, on the paths of a CSV or Parquet file.

    Raises: PathsRefused.
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        _read(con, path)
        _refuse_faults(con, path)
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
    if not path.is_file():
        raise PathsRefused(f"{path} is no file: name a CSV or Parquet file of paths")
    if path.suffix.lower() in (".parquet", ".pq"):
        source = con.read_parquet(str(path))
    else:
        try:
            source = con.read_csv(str(path), header=True, all_varchar=True)
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise PathsRefused(f"{path} is no CSV file with a header: {said}") from None
    missing = [name for name in COLUMNS if name not in source.columns]
    if missing:
        raise PathsRefused(
            f"{path} lacks the column {missing[0]}: it has {', '.join(source.columns)}; "
            f"a file of paths has {', '.join(COLUMNS)}"
        )
    con.register("lines_of_file", source.to_arrow_table())
    con.execute(sql("file/paths"))
    con.unregister("lines_of_file")


def _refuse_faults(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    bad = con.execute(sql("file/faults")).fetchone()
    if bad:
        line, fault = bad
        raise PathsRefused(f"{path}, row {line}: {fault}")
    count = con.execute("select count(*) from counted_paths").fetchone()
    if not count or count[0] == 0:
        raise PathsRefused(
            f"{path} has a header and no rows: there is nothing to count"
        )


def _null_channels(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Channels that are a signal of intent and no effect of their own, by their names."""
    rows = con.execute(
        "select distinct unnest(channels) as channel from counted_paths order by all"
    ).fetchall()
    return [name for (name,) in rows if name.strip().lower() in NULL_WORDS]


def _offer_paths(con: duckdb.DuckDBPyConnection, nulls: Sequence[str]) -> None:
    """The two views that all of attribution's SQL reads."""
    con.execute(
        "create temp table null_channels as select unnest(?::varchar[]) as channel",
        [list(nulls)],
    )
    con.execute(sql("file/journeys"))
