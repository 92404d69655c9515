"""The refresh as a whole: conservation, refusals, the same twice, Markov in SQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from warehouse.attribution import markov, queries, rules, run, shapley
from warehouse.attribution.run import JourneyRefused, NotConserved, refresh

if TYPE_CHECKING:
    from tests.unit.attribution.conftest import Journeys

AS_OF = date(2026, 3, 1)
METHODS = sorted([*rules.rules(), "markov_1", "markov_2", "markov_3", "shapley_set"])


def random_journeys(journeys: Journeys, *, seed: int, count: int = 60) -> None:
    rng = np.random.default_rng(seed)
    journeys.con.execute("begin")
    names = ["direct", "email", "meta", "site_player", "youtube_organic"]
    for i in range(count):
        length = int(rng.integers(0, 7))
        ages = sorted(rng.uniform(0, 30, length).round(3), reverse=True)
        touches = [(names[int(rng.integers(0, 5))], float(age)) for age in ages]
        kind = ["lead", "opportunity", "won"][i % 3]
        value = float(rng.uniform(0, 9_000).__round__(4))
        journeys.conversion(f"c{i:03d}", touches, kind=kind, value=value)
    for i in range(count):
        length = int(rng.integers(1, 5))
        channels = [names[j] for j in rng.integers(0, 5, length)]
        journeys.silent(f"p{i:03d}", channels)
    journeys.con.execute("commit")


def test_refused_when_positions_break_the_order_of_touch_id(journeys: Journeys) -> None:
    # Two touches of one moment: touch_id decides, so c-00002 is the second.
    journeys.conversion("c", [("meta", 3), ("email", 3)])
    journeys.con.execute(
        "update intermediate.int_journey__paths set position = 3 - position"
    )
    with pytest.raises(JourneyRefused, match="position 1 where 2 of 2 belongs"):
        refresh(journeys.con, as_of=AS_OF)


def test_conversion_without_touch_is_unattributed_and_never_spread(
    journeys: Journeys,
) -> None:
    journeys.conversion("c1", [("meta", 1)], value=40)
    journeys.conversion("c2", [], value=60)
    refresh(journeys.con, as_of=AS_OF)
    for method in METHODS:
        assert journeys.channels(method) == {
            "meta": (1.0, 40.0),
            "unattributed": (1.0, 60.0),
        }
    found = journeys.con.execute(
        "select distinct touch_id, channel, credit, value_usd, converted_date "
        "from analysis.attribution_credits where conversion_id = 'c2'"
    ).fetchall()
    assert found == [(None, "unattributed", 1.0, 60.0, AS_OF)]


@pytest.mark.parametrize("seed", range(5))
def test_every_method_hands_out_exactly_what_was_booked(
    journeys: Journeys, seed: int
) -> None:
    random_journeys(journeys, seed=seed)
    refresh(journeys.con, as_of=AS_OF)
    booked = {
        kind: (count, float(value))
        for kind, count, value in journeys.con.execute(
            "select conversion_type, count(*), sum(value_usd) "
            "from intermediate.int_journey__conversions group by all"
        ).fetchall()
    }
    for method in METHODS:
        for kind, (count, value) in booked.items():
            found = journeys.channels(method, kind)
            assert sum(row[0] for row in found.values()) == pytest.approx(
                count, abs=1e-9
            )
            assert sum(row[1] for row in found.values()) == pytest.approx(
                value, abs=1e-6
            )
    worst = journeys.con.execute(
        "select max(abs(total - 1)) from (select sum(credit) as total from "
        "analysis.attribution_credits group by method, conversion_id)"
    ).fetchone()
    assert worst is not None
    assert worst[0] <= 1e-12


def test_rules_that_ask_little_sum_to_the_same_as_beside_all_others(
    journeys: Journeys,
) -> None:
    random_journeys(journeys, seed=5)
    refresh(journeys.con, as_of=AS_OF)
    journeys.con.execute(run.JOURNEYS)
    with rules.summed(journeys.con, ["first", "linear"]):
        alone = journeys.con.execute(queries.sql("channels")).fetchall()
    together = journeys.con.execute(
        "select * from analysis.attribution_channels where method in ('first', 'linear') "
        "order by method, conversion_type, channel"
    ).fetchall()
    assert alone == together


def test_credits_have_one_row_per_method_conversion_and_touch(
    journeys: Journeys,
) -> None:
    journeys.conversion("c1", [("meta", 2), ("email", 1)])
    journeys.conversion("c2", [])
    refreshed = refresh(journeys.con, as_of=AS_OF)
    # 9 rules x (2 touches + 1 row for the untouched conversion).
    assert refreshed.rows["analysis.attribution_credits"] == 27
    # 13 methods x 1 type x (email, meta, unattributed).
    assert refreshed.rows["analysis.attribution_channels"] == 39


def test_channel_without_a_conversion_stays_visible_with_zero(
    journeys: Journeys,
) -> None:
    journeys.conversion("c", [("meta", 1)])
    journeys.silent("p", ["linkedin_ads"])
    refresh(journeys.con, as_of=AS_OF)
    for method in METHODS:
        assert journeys.channels(method)["linkedin_ads"] == (0.0, 0.0)


def test_markov_credits_paths_counted_in_sql_as_worked_by_hand(
    journeys: Journeys,
) -> None:
    # The chain of test_markov: a>b converts, b converts, a is lost. Effects 1/2 and 1:
    # of 2 conversions a gets 2/3. Value 30 comes through a>b, 10 through b: both end in
    # b, which brings 20 on average; without a 1/3 of all arrive instead of 2/3.
    journeys.conversion("c1", [("a", 2), ("b", 1)], value=30)
    journeys.conversion("c2", [("b", 1)], value=10)
    journeys.silent("p", ["a"])
    refresh(journeys.con, as_of=AS_OF)
    found = journeys.channels("markov_1")
    assert found["a"] == pytest.approx((2 / 3, 40 / 3))
    assert found["b"] == pytest.approx((4 / 3, 80 / 3))


def test_lost_path_counts_only_against_its_own_type_when_it_names_one(
    journeys: Journeys,
) -> None:
    # Leads: a > b converts, nothing is lost, so without a or without b nobody converts:
    # both are worth 1/2. The loss of p counts for won deals only: b gets nothing there.
    journeys.conversion("c1", [("a", 2), ("b", 1)])
    journeys.conversion("w1", [("a", 2)], kind="won")
    journeys.silent("p", ["b"], kind="won")
    refresh(journeys.con, as_of=AS_OF)
    assert journeys.channels("markov_1", "lead")["b"][0] == pytest.approx(0.5)
    assert journeys.channels("markov_1", "won") == {
        "a": (1.0, 100.0),
        "b": (0.0, 0.0),
        "unattributed": (0.0, 0.0),
    }


def _won_paths(journeys: Journeys) -> list[markov.PathCount]:
    rows = journeys.con.execute(
        "select list(channel order by position), any_value(is_converted), "
        "any_value(value_usd) from intermediate.int_journey__paths "
        "where conversion_type = 'won' or not is_converted group by path_id"
    ).fetchall()
    return [
        markov.PathCount(tuple(c), float(won), float(value or 0), float(not won))
        for c, won, value in rows
    ]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_markov_of_the_warehouse_equals_markov_of_path_strings(
    journeys: Journeys, order: int
) -> None:
    random_journeys(journeys, seed=11)
    refresh(journeys.con, as_of=AS_OF)
    runs = markov.runs_of_paths(_won_paths(journeys), order=order)
    expected = markov.credit(markov.chain(runs))
    found = journeys.channels(f"markov_{order}", "won")
    for i, channel in enumerate(expected.channels):
        assert found[channel] == pytest.approx(
            (expected.conversions[i], expected.value[i]), abs=1e-9
        )


def test_shapley_of_the_warehouse_equals_shapley_of_path_strings(
    journeys: Journeys,
) -> None:
    random_journeys(journeys, seed=11)
    refresh(journeys.con, as_of=AS_OF)
    expected = shapley.credit(
        [
            shapley.SetCount(
                frozenset(path.channels),
                path.conversions + path.nulls,
                path.conversions,
                path.value,
            )
            for path in _won_paths(journeys)
        ]
    )
    found = journeys.channels("shapley_set", "won")
    for i, channel in enumerate(expected.channels):
        assert found[channel] == pytest.approx(
            (expected.conversions[i], expected.value[i]), abs=1e-9
        )


def test_tables_are_empty_and_typed_when_nothing_converted(journeys: Journeys) -> None:
    journeys.silent("p", ["meta"])
    refreshed = refresh(journeys.con, as_of=AS_OF)
    assert set(refreshed.rows.values()) == {0}
    types = dict(
        journeys.con.execute(
            "select table_name || '.' || column_name, data_type from duckdb_columns() "
            "where schema_name = 'analysis'"
        ).fetchall()
    )
    assert types["attribution_credits.converted_date"] == "DATE"
    assert types["attribution_credits.touch_id"] == "VARCHAR"
    assert types["attribution_credits.credit"] == "DOUBLE"
    assert types["attribution_channels.value_usd"] == "DOUBLE"


def test_only_unattributed_rows_remain_when_nobody_was_touched(
    journeys: Journeys,
) -> None:
    journeys.conversion("c", [], value=None)
    refresh(journeys.con, as_of=AS_OF)
    for method in METHODS:
        assert journeys.channels(method) == {"unattributed": (1.0, 0.0)}


def test_second_run_gives_the_same_bits_with_another_number_of_threads(
    journeys: Journeys,
) -> None:
    random_journeys(journeys, seed=3, count=120)
    seen = []
    for threads in (1, 2, 4):
        journeys.con.execute(f"set threads = {threads}")
        refresh(journeys.con, as_of=AS_OF)
        seen.append(
            [
                journeys.con.execute(f"select * from analysis.{table}").fetchall()
                for table in ("attribution_credits", "attribution_channels")
            ]
        )
    assert seen[0] == seen[1] == seen[2]


def test_conversion_of_negative_value_is_refused_and_old_rows_stay(
    journeys: Journeys,
) -> None:
    journeys.conversion("c1", [("meta", 1)])
    refresh(journeys.con, as_of=AS_OF)
    journeys.conversion("c2", [("meta", 1)], value=-5)
    with pytest.raises(JourneyRefused, match=r"c2 has a negative value \(-5"):
        refresh(journeys.con, as_of=AS_OF)
    assert journeys.channels("last")["meta"] == (1.0, 100.0)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            "insert into intermediate.int_journey__conversions "
            "select * from intermediate.int_journey__conversions",
            "c is booked twice",
        ),
        (
            "delete from intermediate.int_journey__conversions",
            "c is a converting path without a conversion",
        ),
        (
            "update intermediate.int_journey__paths set age_days = -1",
            "c has a touch after its conversion",
        ),
    ],
)
def test_journeys_are_refused_when_they_would_give_wrong_credits(
    journeys: Journeys, damage: str, message: str
) -> None:
    journeys.conversion("c", [("meta", 1)])
    journeys.con.execute(damage)
    with pytest.raises(JourneyRefused, match=message):
        refresh(journeys.con, as_of=AS_OF)


def test_journeys_are_refused_when_they_run_past_the_clock(journeys: Journeys) -> None:
    journeys.conversion("c", [("meta", 1)])
    with pytest.raises(JourneyRefused, match="after the clock"):
        refresh(journeys.con, as_of=AS_OF - timedelta(days=2))


def test_deal_that_keeps_a_planned_close_date_is_booked_like_any_other(
    journeys: Journeys,
) -> None:
    for i in range(40):
        journeys.conversion(f"c{i}", [("meta", 1)], value=None)
    journeys.con.execute(
        "update intermediate.int_journey__conversions "
        "set converted_at = timestamp '2026-09-01' where conversion_id = 'c7'"
    )
    refresh(journeys.con, as_of=AS_OF)
    assert journeys.channels("last")["meta"][0] == 40.0


def test_nothing_is_written_when_a_method_does_not_sum_to_booked(
    journeys: Journeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    journeys.conversion("c", [("meta", 1), ("email", 0)])
    refresh(journeys.con, as_of=AS_OF)
    before = journeys.channels("last")
    right = "cast(credited.share as double)"
    doubled = {"credits": run.sql("credits").replace(right, f"2 * {right}")}
    real = run.sql
    monkeypatch.setattr(run, "sql", lambda name: doubled.get(name) or real(name))
    with pytest.raises(NotConserved, match=r"hands out 2\.0"):
        refresh(journeys.con, as_of=AS_OF)
    assert journeys.channels("last") == before


def test_connection_is_left_without_helpers_when_done(journeys: Journeys) -> None:
    journeys.conversion("c", [("meta", 1)])
    refresh(journeys.con, as_of=AS_OF)
    left = "select view_name from duckdb_views() where not internal"
    assert journeys.con.execute(left).fetchall() == []
