"""The night as a whole: the same stays the same, all or nothing, refusals."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from warehouse.learning import run
from warehouse.learning.ledger import GENESIS, LedgerBroken
from warehouse.learning.run import CountsRefused, refresh
from warehouse.learning.tables import COLUMNS

if TYPE_CHECKING:
    from tests.unit.learning.conftest import Stats

AS_OF = date(2026, 3, 1)
TABLES = ["posterior_state", "hyper_state", "recommendation_ledger"]


def everything(stats: Stats) -> list[list[dict[str, object]]]:
    return [stats.table(name) for name in [*TABLES, "recommendation_event"]]


def test_refresh_reports_the_rows_it_wrote(stats: Stats) -> None:
    stats.world(1, variants=6, days=30)
    stats.world(2, variants=4, days=30, channel="youtube_ads")
    refreshed = refresh(stats.con, as_of=AS_OF)
    assert refreshed.rows["analysis.posterior_state"] == 10
    assert refreshed.rows["analysis.hyper_state"] == 2
    assert refreshed.rows["analysis.recommendation_ledger"] >= 2
    assert refreshed.seconds > 0


def test_second_run_of_a_day_changes_nothing(stats: Stats) -> None:
    stats.world(1, variants=12)
    refresh(stats.con, as_of=AS_OF)
    before = everything(stats)
    refreshed = refresh(stats.con, as_of=AS_OF)
    assert everything(stats) == before
    assert refreshed.rows["analysis.recommendation_ledger"] == 0


def test_state_is_the_same_bits_with_another_number_of_threads(stats: Stats) -> None:
    stats.world(1, variants=12)
    seen = []
    for threads in (1, 4):
        stats.con.execute(f"set threads = {threads}")
        refresh(stats.con, as_of=AS_OF)
        seen.append(everything(stats))
    assert seen[0] == seen[1]


def test_carried_state_equals_a_replay_of_that_day_alone(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    for back in (2, 1, 0):
        refresh(stats.con, as_of=AS_OF - timedelta(days=back))
    carried = stats.table("posterior_state")
    stats.con.execute("drop schema analysis cascade")
    refresh(stats.con, as_of=AS_OF)
    alone = stats.table("posterior_state")
    assert [row for row in carried if row["as_of_day"] == AS_OF] == alone
    assert len(carried) == 3 * len(alone)


def test_earlier_days_stay_when_a_later_day_is_learnt(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    refresh(stats.con, as_of=AS_OF - timedelta(days=1))
    before = stats.table("posterior_state")
    refresh(stats.con, as_of=AS_OF)
    after = stats.table("posterior_state")
    assert [row for row in after if row["as_of_day"] < AS_OF] == before


def test_days_after_the_clock_are_not_known_yet(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    refresh(stats.con, as_of=AS_OF)
    before = everything(stats)
    stats.add("v000", [(500, 499)], last_day=AS_OF + timedelta(days=1))
    refresh(stats.con, as_of=AS_OF)
    assert everything(stats) == before


def test_late_correction_changes_the_state_and_not_the_ledger(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    refresh(stats.con, as_of=AS_OF)
    state, _, ledger, _ = everything(stats)
    stats.con.execute(
        "update intermediate.int_learning__suff_stats_daily set k = k - 1 "
        "where variant_key = 'v000' and data_day = ?",
        [AS_OF],
    )
    refresh(stats.con, as_of=AS_OF)
    after, _, appended, _ = everything(stats)
    assert {r["state_hash"] for r in after} != {r["state_hash"] for r in state}
    assert [row for row in appended if row in ledger] == ledger


def test_tables_have_exactly_the_declared_columns_when_there_is_no_input(
    stats: Stats,
) -> None:
    refreshed = refresh(stats.con, as_of=AS_OF)
    assert set(refreshed.rows.values()) == {0}
    for table, schema in COLUMNS.items():
        empty = stats.con.sql(f"select * from {table}").to_arrow_table()
        assert empty.num_rows == 0
        assert empty.schema.names == schema.names
        assert empty.schema.types == schema.types


def test_ledger_is_chained_over_days(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    for back in (1, 0):
        refresh(stats.con, as_of=AS_OF - timedelta(days=back))
    rows = stats.table("recommendation_ledger")
    hashes = {row["row_hash"] for row in rows}
    assert len(hashes) == len(rows)
    assert {row["prev_hash"] for row in rows} - hashes == {GENESIS}


def test_ledger_refuses_to_go_on_when_a_row_was_changed(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    refresh(stats.con, as_of=AS_OF)
    stats.con.execute("update analysis.recommendation_ledger set size = size + 0.1")
    before = everything(stats)
    with pytest.raises(LedgerBroken, match="was changed after it was written"):
        refresh(stats.con, as_of=AS_OF + timedelta(days=1))
    assert everything(stats) == before


def test_state_stays_whole_when_the_write_fails_half_way(
    stats: Stats, monkeypatch: pytest.MonkeyPatch
) -> None:
    stats.world(1, variants=6, days=40)
    refresh(stats.con, as_of=AS_OF)
    before = everything(stats)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(run.ledger, "append", fails)
    stats.add("v000", [(500, 499)], last_day=AS_OF - timedelta(days=50))
    with pytest.raises(OSError, match="disk full"):
        refresh(stats.con, as_of=AS_OF)
    assert everything(stats) == before


KILLED = """
import os, signal, sys
from datetime import date
import duckdb
from warehouse.learning import run
run.ledger.append = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
run.refresh(duckdb.connect(sys.argv[1]), as_of=date(2026, 3, 2))
"""


def test_no_half_row_is_left_when_the_process_is_killed_inside_the_write(
    stats: Stats, tmp_path: Path
) -> None:
    stats.world(1, variants=4, days=20)
    refresh(stats.con, as_of=AS_OF)
    before = everything(stats)
    file = tmp_path / "warehouse.duckdb"
    stats.con.execute(f"attach '{file}' as disk")
    stats.con.execute("copy from database memory to disk")
    stats.con.execute("detach disk")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(file)],
        cwd=Path(__file__).parents[3],
        check=False,
        timeout=60,
    )
    assert killed.returncode == -9
    stats.con = duckdb.connect(str(file))
    assert everything(stats) == before
    refresh(stats.con, as_of=date(2026, 3, 2))
    assert len(stats.table("posterior_state")) == 2 * len(before[0])
    stats.con.close()


def test_one_variant_alone_is_believed_and_held(stats: Stats) -> None:
    stats.add("v1", [(1_000, 250)] * 20)
    refresh(stats.con, as_of=AS_OF)
    [state] = stats.table("posterior_state")
    assert state["mean"] == pytest.approx(0.25, abs=0.005)
    assert state["probability_best"] == 1.0
    assert state["expected_loss"] == state["voi"] == 0.0
    [advice] = stats.table("recommendation_ledger")
    assert advice["action"] == "hold"


def test_variant_without_trials_is_believed_to_be_like_the_others(stats: Stats) -> None:
    stats.world(1, variants=8, days=20)
    stats.add("new", [(0, 0)])
    refresh(stats.con, as_of=AS_OF)
    [new] = [r for r in stats.table("posterior_state") if r["variant_key"] == "new"]
    assert new["n_eff"] == 0.0
    assert new["shrink"] == 1.0
    assert new["mean"] == pytest.approx(new["prior_mean"], abs=1e-9)
    assert new["evidence_grade"] == "E"


def test_group_without_any_trial_has_a_belief_and_no_recommendation(
    stats: Stats,
) -> None:
    stats.add("v1", [(0, 0)] * 3)
    stats.add("v2", [(0, 0)] * 3)
    refresh(stats.con, as_of=AS_OF)
    assert len(stats.table("posterior_state")) == 2
    assert stats.table("recommendation_ledger") == []


def test_counts_taken_back_are_cut_and_told(stats: Stats) -> None:
    stats.add("v1", [(100, 20), (-5, 0), (10, 12), (10, -1)])
    refresh(stats.con, as_of=AS_OF)
    assert [row["clipped_days"] for row in stats.table("hyper_state")] == [3]


def test_row_without_a_variant_counts_for_its_video(stats: Stats) -> None:
    stats.add(None, [(100, 20)], video="film")
    stats.add(None, [(100, 20)], video=None)
    refresh(stats.con, as_of=AS_OF)
    assert [r["variant_key"] for r in stats.table("posterior_state")] == ["film"]


def test_stale_source_turns_a_move_into_a_hold(stats: Stats) -> None:
    stats.world(1, variants=6, days=40)
    stats.con.execute("create schema meta")
    stats.con.execute(
        "create table meta.source_status (source varchar, status varchar)"
    )
    stats.con.execute(
        "insert into meta.source_status values ('meta_ads', 'stale'), ('tiktok', 'off')"
    )
    refresh(stats.con, as_of=AS_OF)
    [advice] = stats.table("recommendation_ledger")
    assert advice["action"] == "hold"
    assert "meta_ads is stale" in str(advice["reason"])


def test_refused_when_a_day_is_there_twice(stats: Stats) -> None:
    stats.add("v1", [(100, 20)])
    stats.add("v1", [(100, 20)])
    with pytest.raises(CountsRefused, match="hook_rate, 2026-03-01: two rows"):
        refresh(stats.con, as_of=AS_OF)


def test_refused_when_a_conversion_has_a_negative_value(stats: Stats) -> None:
    stats.add("v1", [(100, 20)], value_usd=-5.0)
    with pytest.raises(CountsRefused, match=r"negative money \(-5\.0 value"):
        refresh(stats.con, as_of=AS_OF)


def test_refused_when_an_objective_is_not_declared(stats: Stats) -> None:
    stats.add("v1", [(100, 20)], objective="fame")
    with pytest.raises(CountsRefused, match="'fame' has no half-life"):
        refresh(stats.con, as_of=AS_OF)
