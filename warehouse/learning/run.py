"""Learning on the warehouse: daily counts in; beliefs, priors and recommendations out.

The only module here that holds a connection. The state of a day is replaced as a whole,
the ledger is appended to, both in one transaction.
Not here: what is learnt (beliefs.py) and decided (recommend.py).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from warehouse.db import table_exists
from warehouse.learning import ledger, policy
from warehouse.learning.beliefs import Belief, Group, learn
from warehouse.learning.posteriors import Array, Counts
from warehouse.learning.recommend import recommend
from warehouse.learning.tables import (
    COLUMNS,
    EVENTS,
    HYPER,
    LEDGER,
    STATE,
    hyper_rows,
    state_rows,
)
from warehouse.refreshed import Refreshed, transaction

IN_ORDER = {"fresh", "ok", "off"}  # statuses that stop nothing
SQL = Path(__file__).parent / "sql"
NUMBERS = ("trials", "successes", "value_usd", "spend_usd")


class CountsRefused(ValueError):
    """The daily counts would teach nonsense; the message names row and remedy."""


class Unit(NamedTuple):
    """What is learnt about, and how many days of it there are."""

    objective: str
    metric: str
    channel: str
    variant_key: str
    days: int
    last_day: date


def refresh(con: duckdb.DuckDBPyConnection, *, as_of: date) -> Refreshed:
    """Learn from all counts up to `as_of` and write the day's beliefs and decisions.

    The same counts give the same rows and hashes; a second run of a day adds nothing to
    the ledger.

    Raises: CountsRefused (row and remedy), LedgerBroken (remedy in the message).
    """
    started = perf_counter()
    stale = _stale_sources(con)
    state: list[dict[str, object]] = []
    hyper: list[dict[str, object]] = []
    advice: list[ledger.Recommendation] = []
    for family, input_hash in _families(con, as_of):
        beliefs: list[Belief] = learn(family, as_of=as_of)
        state += state_rows(beliefs, as_of=as_of, input_hash=input_hash)
        hyper += hyper_rows(beliefs, as_of=as_of, input_hash=input_hash)
        for belief in beliefs:
            advice += recommend(belief, as_of=as_of, stale=stale)
    with transaction(con):
        _create(con)
        _replace_day(con, STATE, state, as_of)
        _replace_day(con, HYPER, hyper, as_of)
        added = ledger.append(_ledger_rows(con), advice)
        _insert(con, LEDGER, added)
    rows = {STATE: len(state), HYPER: len(hyper), LEDGER: len(added), EVENTS: 0}
    return Refreshed(rows=rows, seconds=perf_counter() - started)


@cache
def sql(name: str) -> str:
    """Text of a file in sql/."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _families(
    con: duckdb.DuckDBPyConnection, as_of: date
) -> Iterator[tuple[list[Group], str]]:
    """Groups of one objective and metric at a time, with the hash of their input."""
    con.execute(
        "create or replace temp view learning_clock as "
        f"select date '{as_of.isoformat()}' as as_of"
    )
    con.execute(f"create or replace temp view learning_counts as {sql('counts')}")
    fault = con.execute(sql("faults")).fetchone()
    if fault:
        variant, channel, objective, metric, day, found, remedy = fault
        raise CountsRefused(
            f"{variant} on {channel}, {objective}, {metric}, {day}: {found}; "
            f"int_learning__suff_stats_daily: {remedy}."
        )
    units = [Unit(*row) for row in con.execute(sql("units")).fetchall()]
    unknown = sorted({str(unit.objective) for unit in units} - set(policy.OBJECTIVES))
    if unknown:
        raise CountsRefused(
            f"objective {unknown[0]!r} has no half-life: add it to OBJECTIVES in "
            "warehouse/learning/policy.py."
        )
    days = con.sql(sql("days")).to_arrow_table()
    con.execute("drop view temp.learning_counts")
    con.execute("drop view temp.learning_clock")
    ages = (np.datetime64(as_of, "D") - days["data_day"].to_numpy()).astype(float)
    numbers = np.column_stack([ages, *(days[name].to_numpy() for name in NUMBERS)])
    last = 0
    for _, family in groupby(units, key=lambda unit: (unit.objective, unit.metric)):
        groups, hashed = [], sha256()
        for _, found in groupby(family, key=lambda unit: unit.channel):
            members = list(found)
            first, last = last, last + sum(unit.days for unit in members)
            groups.append(_group(members, numbers[first:last]))
            hashed.update(repr(members).encode())
            hashed.update(numbers[first:last].tobytes())
        yield groups, hashed.hexdigest()


def _group(units: Sequence[Unit], numbers: Array) -> Group:
    """One group; rows of `numbers` (rows, 5) follow the units and their days."""
    ages, seen, hit, value_usd, spend_usd = numbers.T
    # Platforms take counts back: what is below 0 or above the trials is cut, and told.
    trials = np.maximum(seen, 0.0)
    successes = np.clip(hit, 0.0, trials)
    return Group(
        objective=units[0].objective,
        metric=units[0].metric,
        channel=units[0].channel,
        variants=tuple(unit.variant_key for unit in units),
        counts=Counts(
            units=len(units),
            unit=np.repeat(np.arange(len(units)), [unit.days for unit in units]),
            age_days=ages,
            trials=trials,
            successes=successes,
        ),
        value_usd=float(value_usd.sum()),
        spend_usd=float(spend_usd.sum()),
        last_day=max(unit.last_day for unit in units),
        clipped=int(np.sum((trials != seen) | (successes != hit))),
    )


def _stale_sources(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    if not table_exists(con, "meta", "source_status"):
        return frozenset()
    found = con.execute("select source, status from meta.source_status").fetchall()
    return frozenset(source for source, status in found if status not in IN_ORDER)


def _create(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists analysis")
    for table, schema in COLUMNS.items():
        con.register("learning_rows", schema.empty_table())
        con.execute(
            f"create table if not exists {table} as select * from learning_rows"
        )
        con.unregister("learning_rows")


def _replace_day(
    con: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[dict[str, object]],
    as_of: date,
) -> None:
    con.execute(f"delete from {table} where as_of_day = ?", [as_of])
    _insert(con, table, rows)


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, object]]
) -> None:
    if not rows:
        return
    incoming = pa.Table.from_pylist(list(rows), schema=COLUMNS[table])
    con.register("learning_rows", incoming)
    con.execute(f"insert into {table} by name select * from learning_rows")
    con.unregister("learning_rows")


def _ledger_rows(con: duckdb.DuckDBPyConnection) -> list[ledger.Row]:
    rows: list[ledger.Row] = con.sql(f"from {LEDGER}").to_arrow_table().to_pylist()
    return rows
