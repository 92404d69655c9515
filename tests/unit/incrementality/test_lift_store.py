"""Tests in the warehouse: kept once, signs turned, pooled for the calibration."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from warehouse.incrementality.holdout import Arms, read_holdout
from warehouse.incrementality.lift import Lift, Measured
from warehouse.incrementality.panel import LiftRefused
from warehouse.incrementality.store import (
    Flown,
    Use,
    calibration,
    store,
    store_holdouts,
    uses,
)
from warehouse.incrementality.tables import COLUMNS, About, holdout_rows
from warehouse.incrementality.weights import ESTIMATORS

ABOUT = About(channel="retargeting", name="winter", as_of=date(2026, 3, 31))


def reading(name: str, *, observed: float = 1_100.0, se: float = 22.0) -> Lift:
    """1,000 expected."""
    extra = observed - 1_000
    return Lift(
        estimator=name,
        lift=extra / 1_000,
        lift_se=se / 1_000,
        lift_p05=extra / 1_000 - 0.04,
        lift_p95=extra / 1_000 + 0.04,
        incremental=extra,
        incremental_daily=extra / 10,
        se=se,
        p05=extra - 40,
        p95=extra + 40,
        observed=observed,
        expected=1_000.0,
        p_space=0.01,
        p_time=0.02,
        fit_error=0.05,
        relative_fit=1.0,
        gap_before=0.0,
        is_quiet_before=True,
        is_sound=True,
        grade="B",
    )


def measured(first: date = date(2026, 3, 1), **figures: float) -> Measured:
    return Measured(
        treated=("north", "south"),
        first=first,
        last=date(2026, 3, 28),
        days_before=100,
        controls=20,
        left_out=(),
        is_randomised=False,
        readings=tuple(reading(name, **figures) for name in ESTIMATORS),
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def rows(con: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    found = con.sql("from analysis.lift_tests order by test_id, estimator")
    return found.to_arrow_table().to_pylist()


def test_same_test_is_replaced_and_another_is_added(
    con: duckdb.DuckDBPyConnection,
) -> None:
    key = store(con, measured(), ABOUT)
    assert store(con, measured(), ABOUT) == key
    assert len(rows(con)) == len(ESTIMATORS)
    turned = replace(measured(observed=1_200.0), treated=("south", "north"))
    assert store(con, turned, replace(ABOUT, name="renamed")) == key
    found = rows(con)
    assert {row["incremental_conversions"] for row in found} == {200.0}
    assert {row["name"] for row in found} == {"renamed"}
    other = store(con, measured(), replace(ABOUT, channel="search_ads"))
    assert other != key
    assert len(rows(con)) == 2 * len(ESTIMATORS)


def test_every_declared_column_is_filled(con: duckdb.DuckDBPyConnection) -> None:
    store(con, measured(), ABOUT)
    for row in rows(con):
        assert list(row) == COLUMNS.names
        nulls = [name for name, value in row.items() if value is None]
        assert nulls == ["p_sample_ratio"]  # of hold-outs alone
        assert row["treated_regions"] == "north|south"
        assert row["claim"] == "very likely caused"
    assert sum(bool(row["is_flagship"]) for row in rows(con)) == 1


def test_switched_off_turns_the_signs(con: duckdb.DuckDBPyConnection) -> None:
    # 900 came without the channel where 1,000 come with it: it brings 100, a tenth.
    store(con, measured(observed=900.0), replace(ABOUT, switched_off=True))
    row = rows(con)[0]
    assert row["incremental_conversions"] == 100.0
    assert (row["p05"], row["p95"]) == (60.0, 140.0)
    assert row["share_of_conversions"] == pytest.approx(0.1)
    assert row["share_se"] == pytest.approx(0.022)


def test_calibration_carries_the_share_over_to_all_conversions(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # 100 of 1,100 came through it: an eleventh of the 5,500 booked, se 22 / 1,100 of them.
    store(con, measured(), ABOUT)
    (found,) = calibration(con, conversions=5_500)
    assert found.channel == "retargeting"
    assert found.incremental_conversions == pytest.approx(500)
    assert found.se == pytest.approx(110)
    assert found.tests == 1


def test_calibration_weighs_tests_by_precision(con: duckdb.DuckDBPyConnection) -> None:
    # Switched off: shares 0.1 (se 0.02) and 0.2 (se 0.04): weights 4 to 1, mean 0.12,
    # se 0.02 x sqrt(4 / 5).
    off = replace(ABOUT, switched_off=True)
    store(con, measured(observed=900.0, se=20.0), off)
    store(con, measured(date(2026, 3, 2), observed=800.0, se=40.0), off)
    (found,) = calibration(con, conversions=1_000)
    assert found.incremental_conversions == pytest.approx(120)
    assert found.se == pytest.approx(20 * 0.8**0.5)
    assert found.tests == 2


def test_calibration_uses_sound_tests_whatever_they_found(
    con: duckdb.DuckDBPyConnection,
) -> None:
    nothing = replace(reading("ridge_augmented", observed=1_001.0), grade="D")
    store(con, replace(measured(), readings=(nothing,)), ABOUT)
    bad = replace(reading("ridge_augmented"), is_sound=False, grade="D")
    other = replace(ABOUT, channel="search_ads")
    store(con, replace(measured(), readings=(bad,)), other)
    assert [each.channel for each in calibration(con, conversions=100)] == [
        "retargeting"
    ]


@pytest.mark.parametrize(
    ("channels", "first", "last", "is_used"),
    [
        ({"retargeting"}, date(2025, 6, 1), date(2026, 5, 31), False),  # inside
        ({"retargeting"}, date(2026, 3, 28), date(2026, 5, 31), False),  # its last day
        ({"retargeting"}, date(2025, 6, 1), date(2026, 3, 1), False),  # its first day
        ({"retargeting"}, date(2026, 3, 29), date(2026, 5, 31), True),  # before it
        ({"retargeting"}, date(2025, 6, 1), date(2026, 2, 28), True),  # after it
        ({"search_ads"}, date(2025, 6, 1), date(2026, 5, 31), True),  # another channel
    ],
)
def test_days_that_flights_are_read_from_do_not_count_twice(
    con: duckdb.DuckDBPyConnection,
    channels: set[str],
    first: date,
    last: date,
    is_used: bool,
) -> None:
    key = store(con, measured(), ABOUT)  # 1 to 28 March 2026
    flown = Flown(frozenset(channels), first, last)
    assert bool(calibration(con, conversions=100, flown=flown)) is is_used
    why = None if is_used else "in_flights"
    assert uses(con, flown=flown) == [Use(key, "retargeting", why)]


def test_a_hold_out_is_independent_of_flights_of_the_same_days(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = read_holdout(Arms(10_000, 10_000, 400, 300, 0.5))
    day = date(2026, 1, 1)
    told = holdout_rows(found, ABOUT, test_id="winter", first=day, last=day)
    store_holdouts(con, told)
    year = Flown(frozenset({"retargeting"}), day - timedelta(100), day + timedelta(100))
    (pooled,) = calibration(con, conversions=1_000, flown=year)
    assert pooled.is_randomised
    assert pooled.incremental_conversions == pytest.approx(250)


def test_every_test_is_judged_once(con: duckdb.DuckDBPyConnection) -> None:
    assert uses(con) == []
    key = store(con, measured(), ABOUT)
    bad = replace(reading("ridge_augmented"), is_sound=False, grade="D")
    other = store(
        con, replace(measured(), readings=(bad,)), replace(ABOUT, channel="x")
    )
    expected = {Use(key, "retargeting", None), Use(other, "x", "unsound")}
    assert set(uses(con)) == expected


def test_warehouse_without_tests_calibrates_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert calibration(con, conversions=100) == []


def test_test_without_a_channel_is_not_kept(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(LiftRefused, match="name it"):
        store(con, measured(), replace(ABOUT, channel=" "))


def test_holdout_is_kept_once_and_calibrates_like_a_test(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # 400 of 10,000 against 300 of 10,000: a quarter of the 400 came through the channel.
    found = read_holdout(Arms(10_000, 10_000, 400, 300, 0.5))
    for _ in range(2):
        told = holdout_rows(
            found,
            ABOUT,
            test_id="reminder-holdout",
            first=date(2026, 1, 1),
            last=date(2026, 2, 28),
        )
        store_holdouts(con, told)
    (row,) = rows(con)
    assert (row["test_id"], row["estimator"]) == ("reminder-holdout", "holdout")
    assert row["p_space"] is None
    (pooled,) = calibration(con, conversions=1_000)
    assert pooled.incremental_conversions == pytest.approx(250)
    assert pooled.se == pytest.approx(1_000 * found.se / 400)
