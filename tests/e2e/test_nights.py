"""One night after another: the first, the same again, the next, and past the last."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.registry import sources
from orchestration.cli import main
from orchestration.runner import RunOutcome
from tests.support.house import FirstNight, House

OPENING = date(2025, 12, 30)  # of the scenario: 60 days from 2025-11-01
SOURCES = set(sources())


def test_first_run_publishes_and_says_that_the_data_are_simulated(
    first_night: FirstNight,
) -> None:
    done, summary = first_night.done, first_night.summary
    assert done.returncode == 0
    assert "Simulated data" in done.stdout
    assert "Generation 1 is published" in done.stdout
    assert summary["is_simulated"] is True
    assert summary["mode"] == "sandbox"
    assert summary["as_of"] == str(OPENING)
    assert summary["generation"] == 1


def test_json_of_a_run_tells_each_stage_and_each_source(
    first_night: FirstNight,
) -> None:
    summary = first_night.summary
    assert [stage["stage"] for stage in summary["stages"]] == [
        *("start", "ingest", "prepare", "attribute", "learn", "serve", "publish")
    ]
    assert all(stage["seconds"] > 0 for stage in summary["stages"])
    told = {each["source"]: each for each in summary["sources"]}
    assert set(told) == SOURCES
    assert {each["status"] for each in told.values()} == {"fresh"}
    assert all(each["loaded"] > 0 for each in told.values())
    assert summary["exit_code"] == 0
    assert summary["error"] is None


def test_progress_on_a_pipe_is_one_line_a_stage(first_night: FirstNight) -> None:
    lines = first_night.done.stderr.splitlines()
    assert lines[0] == "Reading the models ..."
    assert len(lines) == len(set(lines)) == 7


def test_second_run_changes_nothing_and_says_so(
    first: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_SANDBOX_URL", first.sandbox.url)
    before = first.manifest()
    with pytest.raises(SystemExit) as ended:
        main(["run", "--scenario", "unit", *first.options()])
    assert ended.value.code == 0
    assert "Nothing changed since generation 1" in capsys.readouterr().out
    assert first.manifest() == before
    runs = first.rows("select status, generation from meta.runs order by started_at")
    assert runs == [("published", 1), ("published", 1)]


def test_advance_lives_through_the_next_day(
    second: House, second_night: RunOutcome
) -> None:
    assert second_night.as_of == OPENING + timedelta(days=1)
    assert (second_night.generation, second_night.is_new) == (2, True)
    manifest = second.manifest()
    assert manifest.as_of == OPENING + timedelta(days=1)
    assert manifest.previous == 1
    # the day's own events arrived
    days = second.rows("select max(event_at)::date from raw_site_events.events")
    assert days == [(OPENING + timedelta(days=1),)]
    page = (second.settings.report_dir / "index.html").read_text()
    assert re.search(r"31\s+December\s+2025", page)


def test_every_kpi_of_the_catalogue_is_in_the_dictionary(first: House) -> None:
    root = Path(__file__).parents[2]
    catalogue = (root / "dbt_project" / "macros" / "kpi_catalog.sql").read_text()
    names = set(re.findall(r'^ +"(\w+)": dict\(', catalogue, re.MULTILINE))
    assert len(names) > 20
    told = first.rows("select kpi from published.kpis where says <> ''")
    assert {name for (name,) in told} == names


def test_loaded_data_leave_no_second_copy_beside_the_warehouse(first: House) -> None:
    assert not list((first.data / ".dlt").rglob("*.parquet"))


def test_sandbox_says_so_and_stops_past_its_last_prepared_day(
    first: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_SANDBOX_URL", first.sandbox.url)
    before, record = first.manifest(), (first.data / "playhead.json").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["run", "--scenario", "unit", "--advance", "31", *first.options()])
    said = capsys.readouterr()
    assert ended.value.code == 2
    # 60 + 30 hidden days from 2025-11-01
    assert said.err.splitlines()[-1] == (
        "playhead: the sandbox ends on 2026-01-29: 2026-01-30 is not prepared. Start "
        "again in another folder with --data-dir"
    )
    assert first.manifest() == before
    assert (first.data / "playhead.json").read_bytes() == record
    assert [notice["kind"] for notice in first.notices()] == ["failed run"]
