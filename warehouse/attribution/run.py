"""Attribution on the warehouse: journey tables in, two analysis tables out.

The only module here that holds a connection. Everything is written in one transaction,
after it was checked that every method hands out exactly what was booked.
Not here: formulas (sql/, markov.py).
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.attribution import markov
from warehouse.refreshed import Refreshed, transaction

SQL = Path(__file__).parent / "sql"
CREDITS = "analysis.attribution_credits"
CHANNELS = "analysis.attribution_channels"
UNATTRIBUTED = "unattributed"
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
    ]
)


class JourneyRefused(ValueError):
    """The journey tables would give wrong credits; the message names row and remedy."""


class NotConserved(RuntimeError):
    """A method hands out more or less than was booked: nothing was written."""


class ChannelRow(NamedTuple):
    """One row of `analysis.attribution_channels`."""

    method: str
    conversion_type: str
    channel: str
    conversions: float
    value_usd: float
    share: float


class Booked(NamedTuple):
    """What was booked of one conversion type, and the part of it that had a touch."""

    conversion_type: str
    conversions: int
    value_usd: float
    touched_conversions: int
    touched_value_usd: float


@cache
def sql(name: str) -> str:
    """Text of a file below sql/."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def rules() -> tuple[str, ...]:
    """Names of the rule methods: the files of sql/rules."""
    return tuple(sorted(path.stem for path in (SQL / "rules").glob("*.sql")))


def refresh(con: duckdb.DuckDBPyConnection, *, as_of: date) -> Refreshed:
    """Replace credits and channel totals of every method.

    Raises: JourneyRefused (a fault in the journey tables, with row and remedy),
    NotConserved.
    """
    started = perf_counter()
    with transaction(con):
        _refuse_faults(con, as_of)
        _offer_rules(con)
        con.execute("create schema if not exists analysis")
        con.execute(f"create or replace table {CREDITS} as {sql('credits')}")
        ruled = con.sql(sql("channels")).to_arrow_table().cast(CHANNEL_COLUMNS)
        rows = pa.concat_tables([ruled, _markov_rows(con)])
        con.register("attribution_channel_rows", rows)
        con.execute(
            f"create or replace table {CHANNELS} as "
            "select * from attribution_channel_rows"
        )
        con.unregister("attribution_channel_rows")
        _withdraw_rules(con)
        _refuse_imbalance(con)
        counted = {name: _count(con, name) for name in (CREDITS, CHANNELS)}
    return Refreshed(rows=counted, seconds=perf_counter() - started)


def _offer_rules(con: duckdb.DuckDBPyConnection) -> None:
    """`rule_methods` and `rule_weights`, which credits.sql and channels.sql read."""
    names = ", ".join(f"('{name}')" for name in rules())
    con.execute(
        "create or replace temp view rule_methods as "
        f"select * from (values {names}) as methods (method)"
    )
    weights = "\nunion all\n".join(
        f"select '{name}' as method, path_id, position, weight\n"
        f"from (\n{sql(f'rules/{name}')}) as {name}_weights"
        for name in rules()
    )
    con.execute(f"create or replace temp view rule_weights as {weights}")


def _withdraw_rules(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop view temp.rule_weights")
    con.execute("drop view temp.rule_methods")


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
        "from intermediate.int_journey__conversions",
        [as_of],
    ).fetchone()
    if late and late[0] > LATE_SHARE:
        raise JourneyRefused(
            f"{late[0]:.0%} of the conversions lie after the clock ({as_of}): the "
            "journey tables were built for a later day, build them for this one first."
        )


def _markov_rows(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Channel rows of the exact order-1 chain, one chain per conversion type."""
    counted: dict[str, list[markov.Step]] = {}
    steps = con.execute(sql("transitions")).fetchall()
    for conversion_type, group in groupby(steps, key=lambda row: str(row[0])):
        counted[conversion_type] = [
            markov.Step(_state(origin), _state(target), paths, conversions, value)
            for _, origin, target, paths, conversions, value in group
        ]
    channels = [
        str(row[0])
        for row in con.execute(
            "select distinct channel from intermediate.int_journey__paths"
        ).fetchall()
    ]
    rows: list[ChannelRow] = []
    for row in con.execute(sql("booked")).fetchall():
        booked = Booked(*row)
        steps_of_type = counted.get(booked.conversion_type, [])
        rows.extend(_markov_of_type(booked, steps_of_type, channels))
    rows.sort()
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
    return pa.table(columns, schema=CHANNEL_COLUMNS)


def _markov_of_type(
    booked: Booked, steps: list[markov.Step], channels: Iterable[str]
) -> list[ChannelRow]:
    credit = markov.credit(markov.chain(steps))
    conversions: dict[str, float] = dict.fromkeys([*channels, UNATTRIBUTED], 0.0)
    value = dict(conversions)
    conversions |= dict(zip(credit.channels, credit.conversions.tolist(), strict=True))
    value |= dict(zip(credit.channels, credit.value.tolist(), strict=True))
    conversions[UNATTRIBUTED] += booked.conversions - booked.touched_conversions
    value[UNATTRIBUTED] += booked.value_usd - booked.touched_value_usd
    return [
        ChannelRow(
            method="markov_1",
            conversion_type=booked.conversion_type,
            channel=channel,
            conversions=conversions[channel],
            value_usd=value[channel],
            share=conversions[channel] / booked.conversions,
        )
        for channel in conversions
    ]


def _state(channel: str | None) -> markov.State | None:
    return None if channel is None else (channel,)


def _refuse_imbalance(con: duckdb.DuckDBPyConnection) -> None:
    booked = {row[0]: Booked(*row) for row in con.execute(sql("booked")).fetchall()}
    for table, count in ((CREDITS, "credit"), (CHANNELS, "conversions")):
        totals = con.execute(
            f"select method, conversion_type, sum({count}), sum(value_usd) "
            f"from {table} group by method, conversion_type "
            "order by method, conversion_type"
        ).fetchall()
        for method, conversion_type, conversions, value in totals:
            due = booked[conversion_type]
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
