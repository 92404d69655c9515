"""Lift tests in the warehouse: kept once each, and handed to the calibration of credits.

The only module here that holds a connection to it. Not here: estimates (lift.py), what the
calibration makes of a test (warehouse/attribution).
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Calibration:
    """What the tests of a channel say it brought: input of the Gaussian update."""

    channel: str
    incremental_conversions: float
    se: float
    tests: int


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
    con: duckdb.DuckDBPyConnection, *, conversions: float
) -> list[Calibration]:
    """What all sound tests say of each channel, at `conversions` booked in all.

    A test counts whatever it found: using only those that found something would
    overstate every channel. Several tests of a channel are weighed by their precision.
    Units: outcomes, of `conversions` that were booked with the channels on everywhere.
    """
    schema, table = LIFT_TESTS.split(".")
    if not table_exists(con, schema, table):
        return []
    found = con.execute(
        f"""
        with weighed as (
            select
                channel,
                share_of_conversions,
                1 / pow(greatest(share_se, {PERFECT}), 2) as weight
            from {LIFT_TESTS}
            where is_flagship and is_sound
        )
        select
            channel,
            list_sum(list(weight * share_of_conversions order by weight, share_of_conversions))
                / list_sum(list(weight order by weight)) as share,
            sqrt(1 / list_sum(list(weight order by weight))) as share_se,
            count(*) as tests
        from weighed
        group by channel
        order by channel
        """
    ).fetchall()
    return [
        Calibration(channel, share * conversions, se * conversions, tests)
        for channel, share, se, tests in found
    ]


def _create(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists analysis")
    con.register("lift_rows", COLUMNS.empty_table())
    con.execute(f"create table if not exists {LIFT_TESTS} as select * from lift_rows")
    con.unregister("lift_rows")
