"""Each rule by examples worked by hand, on a warehouse in memory."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from warehouse.attribution import run
from warehouse.attribution.run import refresh

if TYPE_CHECKING:
    from tests.unit.attribution.conftest import Journeys

AS_OF = date(2026, 3, 1)
RULES = ["first", "last", "last_non_direct", "linear", "position", "time_decay"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        # The last touch is direct, the one before it is the last that was not.
        ("last_non_direct", [0, 0, 1, 0]),
        ("linear", [1 / 4, 1 / 4, 1 / 4, 1 / 4]),
        # 0.4 to both ends, 0.2 / (4 - 2) to each touch between.
        ("position", [0.4, 0.1, 0.1, 0.4]),
        # Ages 14, 7, 7, 0 with a half-life of 7 days: 1/4, 1/2, 1/2, 1 over 9/4.
        ("time_decay", [1 / 9, 2 / 9, 2 / 9, 4 / 9]),
    ],
)
def test_rule_credits_four_touches_as_worked_by_hand(
    journeys: Journeys, method: str, expected: list[float]
) -> None:
    journeys.conversion("c", [("meta", 14), ("email", 7), ("meta", 7), ("direct", 0)])
    refresh(journeys.con, as_of=AS_OF)
    assert journeys.credits(method, "c") == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("first", [1, 0]),
        ("last", [0, 1]),
        ("last_non_direct", [0, 1]),  # nothing but direct: the last touch after all
        ("linear", [0.5, 0.5]),
        ("position", [0.5, 0.5]),
        ("time_decay", [0.5, 0.5]),  # the same age
    ],
)
def test_rule_credits_two_direct_touches_of_one_moment_in_order_of_touch_id(
    journeys: Journeys, method: str, expected: list[float]
) -> None:
    journeys.conversion("c", [("direct", 3), ("direct", 3)])
    refresh(journeys.con, as_of=AS_OF)
    assert journeys.credits(method, "c") == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("method", RULES)
def test_rule_credits_a_single_touch_with_everything(
    journeys: Journeys, method: str
) -> None:
    journeys.conversion("c", [("email", 400)])
    refresh(journeys.con, as_of=AS_OF)
    assert journeys.credits(method, "c") == [1.0]


@pytest.mark.parametrize("file", sorted(run.SQL.rglob("*.sql")), ids=lambda f: f.stem)
@pytest.mark.parametrize("dialect", ["spark", "postgres", "snowflake"])
@pytest.mark.filterwarnings("ignore:sqlglotrs:DeprecationWarning")
def test_sql_is_understood_elsewhere_when_it_is_translated(
    file: Path, dialect: str
) -> None:
    import sqlglot

    translated = sqlglot.transpile(
        file.read_text(encoding="utf-8"),
        read="duckdb",
        write=dialect,
        unsupported_level=sqlglot.ErrorLevel.RAISE,
    )
    assert len(translated) == 1


def test_rules_are_the_files_of_their_folder() -> None:
    assert list(run.rules()) == RULES
