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

from warehouse.attribution import modelled, run
from warehouse.attribution.modelled import UNATTRIBUTED, ChannelRow
from warehouse.attribution.naming import guessed
from warehouse.attribution.queries import FRACTIONS, WHOLE, Tally, before, sql
from warehouse.attribution.rules import rules, summed
from warehouse.db import in_memory
from warehouse.lines import FileRefused, lines, refuse

COLUMNS = ("path", "total_conversions", "total_conversion_value", "total_null")
EXACT = 2**53  # below it whole numbers sum up exactly, in any order
SAMPLED = "row_number % (select greatest(1, count(*) // 10000) from counted_paths) = 0"
SPLIT, SPLIT_CLOSELY = "string_split(path, ' > ')", "string_split(path, '>')"
TIDIED = (
    f"list_filter(list_transform({SPLIT_CLOSELY}, lambda part: trim(part)), "
    "lambda part: part <> '')"
)
UNTIDY = (
    "from written_channels "
    "where channel = '' or channel <> trim(channel) or contains(channel, '>')"
)
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
        tally = code(con)
        known = [name for (name,) in con.execute("from written_channels").fetchall()]
        if not known:
            raise FileRefused(
                f'{path.name}: no path names a channel: write them as "search > email"'
            )
        nulls = [name for name in known if guessed(name).is_null]
        memory = modelled.memory(len(known))
        offer_paths(con, nulls, memory=memory)
        with summed(con, [name for name in rules() if name not in TIMED]):
            found = run.channel_rows(con, memory, tally).to_pylist()
    rows = [ChannelRow(**row) for row in found]
    return Attributed(
        rows=sorted((row for row in rows if _is_told(row)), key=_order),
        null_channels=sorted(nulls),
        left_out=[*sorted(TIMED), "causal"],
        notes=modelled.left_out(len(known)),
    )


def _is_told(row: ChannelRow) -> bool:
    return row.channel != UNATTRIBUTED or bool(row.conversions)


def _order(row: ChannelRow) -> tuple[str, float, str]:
    return (row.method, -row.conversions, row.channel)


def read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The file as table `counted_paths`, rows numbered as a reader counts them.

    Raises: FileRefused.
    """
    lines(con, path, "paths", COLUMNS)
    con.execute(sql("file/paths"))
    con.execute("drop table lines_paths")
    refuse(con, path, sql("file/faults"))


def code(con: duckdb.DuckDBPyConnection) -> Tally:
    """`coded_paths`, from `counted_paths`; returns how its paths are counted.

    Written tidily, with channels that a sample of the rows knows, paths are split and coded
    at once, which is four times as fast as asking all of them for their channels first.
    """
    ((whole,),) = con.execute(
        f"select coalesce(sum(conversions + nulls) < {EXACT} and "
        "bool_and(conversions + nulls = trunc(conversions + nulls)), true) "
        "from counted_paths"
    ).fetchall()
    for split, rows in ((SPLIT, SAMPLED), (SPLIT_CLOSELY, SAMPLED), (TIDIED, "true")):
        con.execute(
            "create or replace temp table written_channels as "
            f"select distinct unnest({split}) as channel from counted_paths where {rows}"
        )
        if rows == SAMPLED and con.execute(UNTIDY).fetchone():
            continue
        try:
            con.execute(sql("file/coded").format(split=split))
            break
        except duckdb.ConversionException:  # a channel that no row of the sample has
            con.execute("drop type channel_name; drop type type_name")
    con.execute("drop table counted_paths")
    return WHOLE if whole else FRACTIONS


def offer_paths(
    con: duckdb.DuckDBPyConnection, nulls: Sequence[str], *, memory: int
) -> None:
    """The relations that all of attribution's SQL reads (queries.py)."""
    con.execute(
        "create temp table null_channels as select unnest(?::varchar[]) as channel",
        [list(nulls)],
    )
    opened = ",\n    ".join(
        f"unnest(channels[{place}:{place - memory - 2}]) as {name}"
        for place, name in enumerate([*before(memory), "channel"], start=1)
    )
    ends = ",\n    ".join(
        f"channels[-{back}] as channel_before_{back}" for back in range(memory, 0, -1)
    )
    begun = "\n\nunion all\n\n".join(_begun(memory, known) for known in range(memory))
    con.execute(sql("file/journeys").format(opened=opened, begun=begun, ends=ends))


def _begun(memory: int, known: int) -> str:
    """SQL: the step of each path that has so many channels before it, fewer than `memory`."""
    places = ["null"] * (memory - known) + [
        f"channels[{i + 1}]" for i in range(known + 1)
    ]
    return (
        f"select row_number, conversions > 0, conversions + nulls, {', '.join(places)} "
        f"from coded_paths where conversions + nulls > 0 and len(channels) > {known}"
    )
