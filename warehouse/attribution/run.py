"""Attribution on the warehouse: journey tables in, four analysis tables out.

Everything is written in one transaction, after it was checked that every method hands out
exactly what was booked. Not here: formulas (sql/, markov.py, shapley.py), how counted paths
become channel rows (modelled.py), paths from a file (paths_file.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from time import perf_counter

import duckdb
import pyarrow as pa

from warehouse.attribution import modelled
from warehouse.attribution.nightly.run import nightly
from warehouse.attribution.queries import (
    TYPED,
    Tally,
    booked,
    channels,
    ends,
    sql,
    steps,
)
from warehouse.attribution.rules import offered, rules
from warehouse.refreshed import Refreshed, transaction

CREDITS = "analysis.attribution_credits"
CHANNELS = "analysis.attribution_channels"
EVIDENCE = "analysis.attribution_evidence"
TESTS = "analysis.attribution_tests"
TOLERANCE = 1e-6  # conversions, or dollars per dollar booked
LATE_SHARE = 0.05  # a deal won early may keep its planned close date; most do not
CHANNEL_COLUMNS = pa.schema(
    [
        ("method", pa.string()),
        ("conversion_type", pa.string()),
        ("channel", pa.string()),
        ("conversions", pa.float64()),
        ("value_usd", pa.float64()),
        ("share", pa.float64()),
        ("conversions_p05", pa.float64()),
        ("conversions_p95", pa.float64()),
        ("evidence", pa.string()),
        ("evidence_grade", pa.string()),
    ]
)


JOURNEYS = """
create or replace temp view attribution_paths as
select *, 1.0 as weight from intermediate.int_journey__paths;
create or replace temp view attribution_conversions as
select
    *,
    1.0 as conversions,
    conversion_id in (
        select path_id from intermediate.int_journey__paths where is_converted
    ) as is_touched
from intermediate.int_journey__conversions;
create or replace temp view attribution_known_channels as
select distinct channel from intermediate.int_journey__paths;
"""


class JourneyRefused(ValueError):
    """The journey tables would give wrong credits; the message names row and remedy."""


class NotConserved(RuntimeError):
    """A method hands out more or less than was booked: nothing was written."""


def refresh(con: duckdb.DuckDBPyConnection, *, as_of: date) -> Refreshed:
    """Replace credits and channel totals of every method, and what the causal one rests on.

    Raises: JourneyRefused (a fault in the journey tables, with row and remedy),
    NotConserved.
    """
    started = perf_counter()
    with transaction(con):
        con.execute(JOURNEYS)
        _refuse_faults(con, as_of)
        con.execute("create schema if not exists analysis")
        with offered(con, rules()):
            con.execute(f"create or replace table {CREDITS} as {sql('credits')}")
            memory = modelled.memory(len(channels(con)))
            con.execute(f"create temp table attribution_steps as {steps(memory)}")
            con.execute(
                "create temp view attribution_ends as select conversion_type, path_id, "
                f"is_converted, weight, {ends(memory)} from attribution_steps where is_last"
            )
            con.execute(f"create temp view attribution_won as {sql('won')}")
            counted_rows = channel_rows(con, memory)
        caused = nightly(con, as_of)
        with_causal = [counted_rows, _table(caused.channels)]
        with _shown(con, caused.credits) as credits:
            con.execute(f"insert into {CREDITS} by name select * from {credits}")
        with _shown(con, pa.concat_tables(with_causal)) as rows:
            con.execute(f"create or replace table {CHANNELS} as select * from {rows}")
        with _shown(con, caused.evidence) as rows:
            con.execute(f"create or replace table {EVIDENCE} as select * from {rows}")
        with _shown(con, caused.tests) as rows:
            con.execute(f"create or replace table {TESTS} as select * from {rows}")
        _refuse_imbalance(con)
        for view in ("won", "ends", "paths", "conversions", "known_channels"):
            con.execute(f"drop view temp.attribution_{view}")
        con.execute("drop table temp.attribution_steps")
        written = (CREDITS, CHANNELS, EVIDENCE, TESTS)
        counted = {name: _count(con, name) for name in written}
    return Refreshed(rows=counted, seconds=perf_counter() - started)


def channel_rows(
    con: duckdb.DuckDBPyConnection, memory: int, tally: Tally = TYPED
) -> pa.Table:
    """Rules (summed beforehand) and models, from the relations that queries.py names."""
    ruled = con.sql(sql("channels")).to_arrow_table().cast(CHANNEL_COLUMNS)
    return pa.concat_tables([ruled, _table(modelled.rows(con, memory, tally))])


def _table(rows: Sequence[modelled.ChannelRow]) -> pa.Table:
    return pa.Table.from_pylist([row._asdict() for row in rows], CHANNEL_COLUMNS)


@contextmanager
def _shown(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> Iterator[str]:
    """The name under which SQL sees them for a moment."""
    con.register("attribution_rows", rows)
    try:
        yield "attribution_rows"
    finally:
        con.unregister("attribution_rows")


def _refuse_faults(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    found = con.execute(
        f"select key, fault, remedy from ({sql('faults')}) as faults "
        "order by fault, key limit 1"
    ).fetchone()
    if found:
        key, fault, remedy = found
        raise JourneyRefused(f"{key} {fault}: {remedy}.")
    late = con.execute(
        "select coalesce(avg(cast(cast(converted_at as date) > ? as integer)), 0) "
        "from attribution_conversions",
        [as_of],
    ).fetchone()
    if late and late[0] > LATE_SHARE:
        raise JourneyRefused(
            f"{late[0]:.0%} of the conversions lie after the clock ({as_of}): the "
            "journey tables were built for a later day, build them for this one first."
        )


def _refuse_imbalance(con: duckdb.DuckDBPyConnection) -> None:
    """Raises: NotConserved, where a method hands out more or less than was booked."""
    dues = {due.conversion_type: due for due in booked(con)}
    for table, count in ((CREDITS, "credit"), (CHANNELS, "conversions")):
        totals = con.execute(
            f"select method, conversion_type, sum({count}), sum(value_usd) "
            f"from {table} group by method, conversion_type "
            "order by method, conversion_type"
        ).fetchall()
        for method, conversion_type, conversions, value in totals:
            due = dues[conversion_type]
            gap = abs(conversions - due.conversions) / max(1.0, due.conversions)
            value_gap = abs(value - due.value_usd) / max(1.0, due.value_usd)
            if max(gap, value_gap) > TOLERANCE:
                raise NotConserved(
                    f"{table}: {method} hands out {conversions:.6f} {conversion_type} "
                    f"conversions and {value:.4f} USD where {due.conversions} and "
                    f"{due.value_usd:.4f} are booked."
                )


def _count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    found = con.execute(f"select count(*) from {name}").fetchone()
    return int(found[0]) if found else 0
