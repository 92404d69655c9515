"""Days are read again: any order gives the same tables, whatever was wrong before."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

import orchestration.runner
from ingestion.registry import sources
from orchestration.definitions import build_defs
from orchestration.keys import CLOCK, raw_key
from orchestration.runner import RunOutcome, run_config
from tests.support.desk import Desk, without_ours
from tests.support.house import House
from warehouse.settings import Settings

WINDOWS = [
    (spec.name, table)
    for spec in (source.SPEC for source in sources().values())
    for table in spec.tables
    if table.is_window
]
NOVEMBER = (date(2025, 11, 1), date(2025, 11, 30))
DECEMBER = (date(2025, 12, 1), date(2025, 12, 30))
Tables = Mapping[str, list[tuple[object, ...]]]


def tables(house: House) -> Tables:
    """Every table that is loaded by windows, without the ids of loads."""
    with duckdb.connect(str(house.settings.warehouse_path), read_only=True) as con:
        return {
            f"{source}.{table.name}": con.execute(
                f"select * exclude (_dlt_load_id) from raw_{source}.{table.name} "
                "order by all"
            ).fetchall()
            for source, table in WINDOWS
        }


def damage(house: House) -> None:
    """Days are missing, days are doubled, and one is there that the platform has not."""
    with duckdb.connect(str(house.settings.warehouse_path)) as con:
        for source, table in WINDOWS:
            name, day = f"raw_{source}.{table.name}", table.window_column
            con.execute(
                f"delete from {name} where {day} between "
                "date '2025-11-01' and date '2025-11-19'"  # some sources know more
            )
            con.execute(
                f"insert into {name} from {name} where {day} between "
                "date '2025-12-05' and date '2025-12-08'"
            )


def backfill(house: House, first: date, last: date) -> None:
    """The sources of the nightly job alone, with the configuration of a backfill."""
    names = {source for source, _ in WINDOWS}
    chosen = [raw_key(n, t.name) for n in names for t in sources()[n].SPEC.tables]
    job = build_defs(house.settings).resolve_job_def("nightly")
    config = run_config(first=first, last=last)
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(
            instance=instance, run_config=config, asset_selection=[CLOCK, *chosen]
        )
    assert done.success


def test_backfill_in_any_order_gives_the_tables_of_the_nightly_runs(
    first: House,
) -> None:
    wanted = tables(first)
    damage(first)
    assert tables(first) != wanted
    for days in (DECEMBER, NOVEMBER):  # the nights went the other way
        backfill(first, *days)
    assert tables(first) == wanted


def test_backfill_hands_its_days_to_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ordered: list[tuple[date, date]] = []

    def run(settings: Settings, *, first: date, last: date, **_: object) -> RunOutcome:
        ordered.append((first, last))
        return RunOutcome("1", error="no night in this test")

    monkeypatch.setattr(orchestration.runner, "run", run)
    without_ours(monkeypatch)
    monkeypatch.chdir(tmp_path)
    order = ("backfill", "--from", "2025-11-01", "--to", "2025-11-30")
    code, out, err = Desk(tmp_path, "", capsys).says(*order)
    assert ordered == [NOVEMBER]
    assert code == 1
    assert err.endswith("Not published: no night in this test\n")
    assert "Nothing is published yet." in out
