"""The instance of a run in this process: its listeners hear all, nothing is kept."""

from uuid import uuid4

import dagster as dg

from orchestration.instance import forgetful


@dg.asset
def video() -> None:
    """One asset."""


@dg.asset(deps=[video], check_specs=[dg.AssetCheckSpec("is_seen", asset="view")])
def view() -> dg.MaterializeResult:
    """Another, downstream, with a check."""
    seen = dg.AssetCheckResult(check_name="is_seen", passed=True)
    return dg.MaterializeResult(check_results=[seen])


def test_run_is_heard_and_not_remembered() -> None:
    job = dg.Definitions([video, view]).resolve_implicit_global_asset_job_def()
    heard: list[str] = []
    with forgetful() as instance:
        run_id = str(uuid4())
        instance.add_event_listener(
            run_id, lambda entry: heard.append(entry.dagster_event.event_type_value)
        )
        result = job.execute_in_process(instance=instance, run_id=run_id)
        run = instance.get_run_by_id(run_id)
        assert result.success
        assert run is not None
        assert run.is_success
        assert heard.count("ASSET_MATERIALIZATION") == 2
        assert heard.count("ASSET_CHECK_EVALUATION") == 1
        assert list(instance.all_logs(run_id)) == []
