"""Hold-outs of the catalogue: read anew each night, forgotten with their row, never silent."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.unit.attribution.conftest import TABLES
from warehouse.incrementality import catalogue
from warehouse.incrementality.store import calibration

AS_OF = date(2026, 3, 31)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(TABLES)
        yield opened


def hold_out(
    con: duckdb.DuckDBPyConnection, name: str, *counts: float | None, share: float = 0.5
) -> None:
    """Treated and control units, then treated and control conversions."""
    con.execute(
        "insert into staging.stg_catalogue__experiments (experiment_id, kind, channel, "
        "start_date, treated_units, control_units, treated_conversions, "
        "control_conversions, control_share) "
        "values (?, 'holdout', 'retargeting', '2026-01-01', ?, ?, ?, ?, ?)",
        [name, *counts, share],
    )


def test_counts_of_the_catalogue_calibrate_their_channel(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # 400 of 10,000 against 300 of 10,000: a quarter of the 400 came through the channel
    hold_out(con, "winter", 10_000, 10_000, 400, 300)
    assert catalogue.refresh(con, as_of=AS_OF) == {}
    (pooled,) = calibration(con, conversions=1_000)
    assert pooled.channel == "retargeting"
    assert pooled.incremental_conversions == pytest.approx(250)


def test_another_night_reads_the_counts_of_that_night(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hold_out(con, "winter", 10_000, 10_000, 400, 300)
    catalogue.refresh(con, as_of=AS_OF)
    con.execute(
        "update staging.stg_catalogue__experiments set control_conversions = 400"
    )
    catalogue.refresh(con, as_of=AS_OF)
    (pooled,) = calibration(con, conversions=1_000)
    assert pooled.incremental_conversions == pytest.approx(0)
    assert pooled.tests == 1


def test_what_the_catalogue_no_longer_says_is_forgotten(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hold_out(con, "winter", 10_000, 10_000, 400, 300)
    catalogue.refresh(con, as_of=AS_OF)
    con.execute("delete from staging.stg_catalogue__experiments")
    assert catalogue.refresh(con, as_of=AS_OF) == {}
    assert calibration(con, conversions=1_000) == []


def test_too_few_conversions_are_said_and_not_used(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hold_out(con, "winter", 1_000, 1_000, 40, 4)
    unused = catalogue.refresh(con, as_of=AS_OF)
    assert unused == {
        "winter": "4 control conversions, 10 are needed: let the test run longer"
    }
    assert calibration(con, conversions=1_000) == []


def test_arms_of_other_sizes_than_were_drawn_are_said_and_not_used(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hold_out(con, "winter", 10_000, 9_000, 400, 300)
    unused = catalogue.refresh(con, as_of=AS_OF)
    assert "look at how people were drawn" in unused["winter"]
    assert calibration(con, conversions=1_000) == []


def test_a_hold_out_without_counts_is_still_running(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hold_out(con, "winter", None, None, None, None)
    assert catalogue.refresh(con, as_of=AS_OF) == {}
    assert calibration(con, conversions=1_000) == []
