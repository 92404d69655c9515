"""What reacts: a failed run, a stale source, a new outcome; and the notice each gives."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.server import serving
from orchestration.notify import notify
from orchestration.sensors import SENSORS, failed_run, new_outcomes, stale_source
from warehouse.publish import publish
from warehouse.settings import Settings

FRESH = {"source": "youtube", "status": "fresh"}
STALE = {"source": "hubspot", "status": "stale", "reason": "token expired"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def published(settings: Settings, *sources: Mapping[str, object], won: int = 1) -> None:
    """A generation with `won` deals."""
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("create schema if not exists published")
        for table in ("deals", "attribution_channels"):
            con.execute(
                f"create or replace table published.{table} as "
                f"select range as deal_id from range({won})"
            )
    publish(
        warehouse_path=settings.warehouse_path,
        published_dir=settings.published_dir,
        as_of=date(2026, 3, 1),
        sources=sources,
        is_simulated=True,
        mode="sandbox",
    )


def look(
    sensor: dg.SensorDefinition, settings: Settings, cursor: str | None = None
) -> tuple[list[dg.RunRequest], str | None]:
    """Run requests of one evaluation, and the cursor it leaves."""
    context = dg.build_sensor_context(cursor=cursor, resources={"settings": settings})
    data = sensor.evaluate_tick(context)
    return list(data.run_requests or ()), data.cursor


def notices(settings: Settings) -> list[tuple[str, str]]:
    path = settings.logs_dir / "notices.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(said["kind"], said["text"]) for said in map(json.loads, lines)]


def test_notices_are_on_by_default() -> None:
    running = {s.name for s in SENSORS if s.default_status.value == "RUNNING"}
    assert running == {"failed_run", "stale_source"}


def test_failed_run_gives_notice_with_the_reason(settings: Settings) -> None:
    @dg.op
    def read_clock() -> None:
        raise FileNotFoundError(
            "playhead.duckdb does not exist yet: run `playhead run`"
        )

    @dg.job
    def nightly() -> None:
        read_clock()

    with dg.DagsterInstance.ephemeral() as instance:
        result = nightly.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_run",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=result.get_run_failure_event(),
            resources={"settings": settings},
        ).for_run_failure()
        failed_run(context)
    assert notices(settings) == [
        (
            "failed run",
            "nightly: playhead.duckdb does not exist yet: run `playhead run`",
        )
    ]


def test_stale_source_gives_notice_once_a_generation(settings: Settings) -> None:
    published(settings, FRESH, STALE)
    _, cursor = look(stale_source, settings)
    look(stale_source, settings, cursor)
    assert notices(settings) == [("stale source", "as of 2026-03-01: hubspot")]
    published(settings, FRESH, STALE, won=2)
    look(stale_source, settings, cursor)
    assert len(notices(settings)) == 2


def test_fresh_sources_give_no_notice(settings: Settings) -> None:
    look(stale_source, settings)  # nothing is published yet
    published(settings, FRESH)
    look(stale_source, settings)
    assert notices(settings) == []


def test_new_outcome_starts_learning_once(settings: Settings) -> None:
    assert look(new_outcomes, settings) == ([], None)  # nothing is published yet
    published(settings, won=1)
    requests, cursor = look(new_outcomes, settings)
    assert requests == [], "the first look only remembers"
    published(settings, won=1)
    assert look(new_outcomes, settings, cursor)[0] == [], "nothing new"
    published(settings, won=2)
    requests, later = look(new_outcomes, settings, cursor)
    assert len(requests) == 1
    assert requests[0].run_key == later != cursor
    assert look(new_outcomes, settings, later)[0] == []


def test_notice_is_posted_where_a_hook_is_configured(tmp_path: Path) -> None:
    got: list[object] = []

    def take(request: Request) -> Reply:
        got.append(request.json())
        return Reply({})

    with serving([Route("POST", "/hook", take)]) as hook:
        settings = Settings(data_dir=tmp_path, notify_url=hook.url + "/hook")
        notify(settings, "failed run", "why")
    assert got == [{"kind": "failed run", "text": "why"}]
    assert notices(settings) == [("failed run", "why")]


def test_hook_that_does_not_answer_is_written_down(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, notify_url="http://127.0.0.1:9/hook")
    notify(settings, "failed run", "why")
    assert notices(settings) == [
        ("failed run", "why"),
        ("hook", "notice not delivered: ConnectionError"),
    ]
