"""Lift tests in the warehouse: kept once each, and handed to the calibration of credits.

The only module here that holds a connection to it. Not here: estimates (lift.py), what the
calibration makes of a test (warehouse/attribution).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.db import table_exists
from warehouse.incrementality.lift import Measured
from warehouse.incrementality.panel import LiftRefused
from warehouse.incrementality.tables import (
    COLUMNS,
    HOLDOUT,
    LIFT_TESTS,
    About,
    key_of,
    rows,
)
from warehouse.refreshed import transaction

PERFECT = 1e-9  # a standard error below it would weigh infinitely
# A test by region with a day among those that its channel's flights are read from compares
# the same leads of the same regions: counted beside them, they would count twice.
JUDGED = f"""
    select
        *,
        case
            when not is_sound then 'unsound'
            when
                treated_regions is not null
                and list_contains(cast($channels as varchar[]), channel)
                and date_from <= cast($last as date)
                and date_to >= cast($first as date)
                then 'in_flights'
        end as unused_because
    from {LIFT_TESTS}
    where is_flagship
"""


@dataclass(frozen=True)
class Calibration:
    """What the tests of a channel say it brought: input of the Gaussian update.

    `is_randomised`: people or regions of one of them at least were drawn by lot.
    """

    channel: str
    incremental_conversions: float
    se: float
    tests: int
    is_randomised: bool


@dataclass(frozen=True)
class Flown:
    """Channels that are told by flights, and the days these are read from, inclusive."""

    channels: frozenset[str]
    first: date
    last: date


class Use(NamedTuple):
    """A test, and why the calibration leaves it out: `unsound`, `in_flights`, or null."""

    test_id: str
    channel: str
    unused_because: str | None


def store(con: duckdb.DuckDBPyConnection, measured: Measured, about: About) -> str:
    """Keep a test, in place of the same test if it was kept before; returns its id.

    Raises: LiftRefused without the name of a channel.
    """
    if not about.channel.strip():
        raise LiftRefused("a test is stored with the channel it was about: name it")
    key = key_of(measured, about)
    _replace(con, "test_id", key, rows(measured, about))
    return key


def store_holdouts(
    con: duckdb.DuckDBPyConnection, told: Sequence[dict[str, object]]
) -> None:
    """Keep these hold-outs (tables.holdout_rows) in place of all that were kept."""
    _replace(con, "estimator", HOLDOUT, told)


def _replace(
    con: duckdb.DuckDBPyConnection,
    column: str,
    value: str,
    told: Sequence[dict[str, object]],
) -> None:
    incoming = pa.Table.from_pylist(list(told), schema=COLUMNS)
    with transaction(con):
        _create(con)
        con.execute(f"delete from {LIFT_TESTS} where {column} = ?", [value])
        con.register("lift_rows", incoming)
        con.execute(f"insert into {LIFT_TESTS} by name select * from lift_rows")
        con.unregister("lift_rows")


def calibration(
    con: duckdb.DuckDBPyConnection, *, conversions: float, flown: Flown | None = None
) -> list[Calibration]:
    """What all sound tests say of each channel, at `conversions` booked in all.

    A test counts whatever it found: using only those that found something would
    overstate every channel. Several tests of a channel are weighed by their precision.
    Units: outcomes, of `conversions` that were booked with the channels on everywhere.
    """
    if not _is_there(con):
        return []
    found = con.execute(
        f"""
        with weighed as (
            select
                channel,
                share_of_conversions,
                is_randomised,
                1 / pow(greatest(share_se, {PERFECT}), 2) as weight
            from ({JUDGED})
            where unused_because is null
        )
        select
            channel,
            list_sum(list(weight * share_of_conversions order by weight, share_of_conversions))
                / list_sum(list(weight order by weight)) as share,
            sqrt(1 / list_sum(list(weight order by weight))) as share_se,
            count(*) as tests,
            bool_or(is_randomised) as is_randomised
        from weighed
        group by channel
        order by channel
        """,
        _asked(flown),
    ).fetchall()
    return [
        Calibration(channel, share * conversions, se * conversions, *rest)
        for channel, share, se, *rest in found
    ]


def uses(con: duckdb.DuckDBPyConnection, *, flown: Flown | None = None) -> list[Use]:
    """Every test once, as `calibration` judges it."""
    if not _is_there(con):
        return []
    found = con.execute(
        f"select test_id, channel, unused_because from ({JUDGED}) order by test_id",
        _asked(flown),
    ).fetchall()
    return [Use(*row) for row in found]


def _asked(flown: Flown | None) -> dict[str, object]:
    channels = sorted(flown.channels) if flown else []
    first, last = (flown.first, flown.last) if flown else (None, None)
    return {"channels": channels, "first": first, "last": last}


def _is_there(con: duckdb.DuckDBPyConnection) -> bool:
    schema, table = LIFT_TESTS.split(".")
    return table_exists(con, schema, table)


def _create(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists analysis")
    con.register("lift_rows", COLUMNS.empty_table())
    con.execute(f"create table if not exists {LIFT_TESTS} as select * from lift_rows")
    con.unregister("lift_rows")
