"""What runs when: selections by tag and group, and what a tick of the schedule orders."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingestion.registry import sources
from orchestration.cli.dev import DAGSTER_YAML
from orchestration.definitions import build_defs
from orchestration.keys import INGEST
from orchestration.resources import Dbt, locking
from orchestration.runner import run_config
from orchestration.schedules import SCHEDULES, nightly
from warehouse import home
from warehouse.settings import Settings

FOUR = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("schedules")))
    return build_defs(settings, Dbt(settings))


def keys(definitions: dg.Definitions, job: str) -> set[str]:
    layer = definitions.resolve_job_def(job).asset_layer
    return {key.to_user_string() for key in layer.executable_asset_keys}


def tick(
    when: datetime, mode: str = "sandbox", folder: Path = Path("nowhere")
) -> dg.RunRequest:
    settings = Settings(data_dir=folder, mode=mode)  # type: ignore[arg-type]
    with dg.build_schedule_context(
        scheduled_execution_time=when, resources={"settings": locking(settings)}
    ) as context:
        asked = nightly(context)
    assert isinstance(asked, dg.RunRequest)
    return asked


def days(request: dg.RunRequest) -> Mapping[str, Any]:
    return request.run_config["ops"]["meta__clock"]["config"]


def test_nightly_is_on_by_default_at_four_utc() -> None:
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert nightly.cron_schedule == "0 4 * * *"
    assert {each.execution_timezone for each in SCHEDULES} == {"UTC"}


def test_tick_lives_through_one_day_in_the_sandbox_and_none_elsewhere() -> None:
    assert days(tick(FOUR)) == {"advance_days": 1}
    assert days(tick(FOUR, "accounts")) == {"advance_days": 0}


def test_tick_twice_orders_one_run() -> None:
    # Dagster starts no second run with a key it knows
    first, again = tick(FOUR), tick(FOUR + timedelta(seconds=30))
    assert first.run_key == again.run_key == "nightly-2026-03-02"


def test_tick_of_the_next_night_orders_a_run_of_its_own() -> None:
    assert tick(FOUR + timedelta(days=1)).run_key == "nightly-2026-03-03"


def test_schedule_looks_while_a_run_holds_the_folder(tmp_path: Path) -> None:
    with home.run_lock(Settings(data_dir=tmp_path)):
        assert tick(FOUR, folder=tmp_path).run_key == "nightly-2026-03-02"


def test_order_of_a_tick_is_a_configuration_that_the_job_takes(
    definitions: dg.Definitions,
) -> None:
    job = definitions.resolve_job_def("nightly")
    assert dg.validate_run_config(job, dict(tick(FOUR).run_config))


def test_backfill_is_the_nightly_job_with_days_for_every_source(
    definitions: dg.Definitions,
) -> None:
    first, last = FOUR.date(), FOUR.date() + timedelta(days=9)
    config = run_config(first=first, last=last)
    assert dg.validate_run_config(definitions.resolve_job_def("nightly"), config)
    assert config["ops"][INGEST]["config"] == {
        "first": "2026-03-02",
        "last": "2026-03-11",
    }


def test_nightly_is_everything(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    wanted = {key.to_user_string() for key in graph.materializable_asset_keys}
    assert keys(definitions, "nightly") == wanted


def test_intraday_reads_only_what_changes_during_the_day(
    definitions: dg.Definitions,
) -> None:
    raw = {key.split("/")[0] for key in keys(definitions, "intraday") if "raw_" in key}
    fast = {n for n, s in sources().items() if s.SPEC.cadence == "intraday"}
    assert raw == {f"raw_{name}" for name in fast}
    assert "published/report" in keys(definitions, "intraday")
    assert "meta/clock" in keys(definitions, "intraday")


def test_deep_learning_reads_no_source_and_ends_in_the_report(
    definitions: dg.Definitions,
) -> None:
    chosen = keys(definitions, "deep_learning")
    assert not {key for key in chosen if key.startswith(("raw_", "meta/", "staging/"))}
    assert {"analysis/posterior_state", "published/report"} <= chosen


def test_deployed_mode_starts_one_run_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.get_concurrency_config().run_queue_config is not None
        config = instance.get_concurrency_config()
        assert config.run_queue_config.max_concurrent_runs == 1
        assert config.pool_config.default_pool_limit == 1
        assert not instance.telemetry_enabled
