"""Each rule by examples worked by hand, on a warehouse in memory."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from warehouse.attribution import queries, rules
from warehouse.attribution.run import refresh

if TYPE_CHECKING:
    from tests.unit.attribution.conftest import Journeys

AS_OF = date(2026, 3, 1)
RULES = [
    "first",
    "last",
    "last_non_direct",
    "linear",
    "linear_non_direct",
    "position",
    "shapley",
    "shapley_ordered",
    "time_decay",
]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        # The last touch is direct, the one before it is the last that was not.
        ("last_non_direct", [0, 0, 1, 0]),
        ("linear", [1 / 4, 1 / 4, 1 / 4, 1 / 4]),
        ("linear_non_direct", [1 / 3, 1 / 3, 1 / 3, 0]),
        # Three channels, a third each: meta's at its first touch, or on both.
        ("shapley", [1 / 3, 1 / 3, 0, 1 / 3]),
        ("shapley_ordered", [1 / 6, 1 / 3, 1 / 6, 1 / 3]),
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
        ("linear_non_direct", [0.5, 0.5]),
        ("shapley", [1, 0]),
        ("shapley_ordered", [0.5, 0.5]),
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


STATEMENTS = {
    file.stem: file.read_text(encoding="utf-8")
    for file in queries.SQL.glob("*.sql")  # those of file/ are read by DuckDB alone
} | {
    "steps": queries.steps(1),
    "steps_3": queries.steps(3),
    "runs": queries.counted(1),
    "runs_3": queries.counted(3),
    "shares": rules.shares(RULES),
    "sums": rules.sums(RULES),
}


@pytest.mark.parametrize("statement", sorted(STATEMENTS))
@pytest.mark.parametrize("dialect", ["spark", "postgres", "snowflake"])
@pytest.mark.filterwarnings("ignore:sqlglotrs:DeprecationWarning")
def test_sql_is_understood_elsewhere_when_it_is_translated(
    statement: str, dialect: str
) -> None:
    import sqlglot

    translated = sqlglot.transpile(
        STATEMENTS[statement],
        read="duckdb",
        write=dialect,
        unsupported_level=sqlglot.ErrorLevel.RAISE,
    )
    assert len(translated) == 1


def test_rules_are_the_files_of_their_folder() -> None:
    assert list(rules.rules()) == RULES
