"""The jobs besides the nightly one, as the deployed mode executes them: lock and all."""

from collections.abc import Iterator

import dagster as dg
import pytest

from ingestion.registry import sources
from orchestration.definitions import build_defs
from orchestration.keys import INGEST, RECOMMENDATIONS, SNAPSHOT
from orchestration.runner import QUIET
from orchestration.sensors import failed_run
from tests.support.house import House
from warehouse import home
from warehouse.attribution import run as attribution


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def execute(
    house: House, job: str, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    definitions = build_defs(house.settings)
    return definitions.resolve_job_def(job).execute_in_process(
        instance=instance, run_config=dict(QUIET), raise_on_error=False
    )


def published(result: dg.ExecuteInProcessResult) -> dict[str, object]:
    events = result.asset_materializations_for_node("publish")
    (metadata,) = [e.metadata for e in events if e.asset_key == SNAPSHOT]
    return {name: value.value for name, value in metadata.items()}


def test_intraday_reads_the_fast_sources_and_a_failed_test_stops_it_by_name(
    first: House, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh = attribution.refresh

    def twice(con, *, as_of):
        done = refresh(con, as_of=as_of)
        table = "analysis.attribution_channels"
        con.execute(f"insert into {table} select * from {table}")
        return done

    before, page = first.manifest(), first.settings.report_dir / "index.html"
    shown = page.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(attribution, "refresh", twice)
        result = execute(first, "intraday", instance)
    assert not result.success
    fast = {n for n, s in sources().items() if s.SPEC.cadence == "intraday"}
    assert fast
    loaded = result.asset_materializations_for_node(INGEST)
    assert {event.metadata["source"].value for event in loaded} == fast
    # nothing is published: readers have the page and the tables they had
    assert first.manifest() == before
    assert page.read_bytes() == shown
    # the deployed mode's notice names the test that stopped it
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_run",
        dagster_instance=instance,
        dagster_run=result.dagster_run,
        dagster_event=result.get_run_failure_event(),
        resources={"settings": first.settings},
    ).for_run_failure()
    failed_run(context)
    (notice,) = first.notices()
    assert notice["kind"] == "failed run"
    assert notice["text"].startswith("intraday: ")
    assert "assert_every_method_sums_to_what_was_booked" in notice["text"]


def test_deep_learning_learns_from_all_history_and_repeats_itself(
    first: House, instance: dg.DagsterInstance
) -> None:
    before = first.manifest()
    result = execute(first, "deep_learning", instance)
    assert result.success
    assert published(result)["is_new"] is False
    assert first.manifest() == before
    learned = result.asset_materializations_for_node("learn")
    assert RECOMMENDATIONS in {event.asset_key for event in learned}


def test_deployed_run_is_refused_while_another_one_holds_the_folder(
    first: House, instance: dg.DagsterInstance
) -> None:
    with home.run_lock(first.settings):
        result = execute(first, "deep_learning", instance)
    assert not result.success
    assert "RunBusy" in str(result.get_run_failure_event())
    assert not result.get_step_success_events()
