"""What reacts: a failed run and a stale source give notice; new outcomes start learning.

Sensors never open the work database: they read run events and the published manifest.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.failures import reason
from orchestration.notify import notify
from orchestration.schedules import DEEP_LEARNING
from warehouse.publish import Manifest, NothingPublished, current
from warehouse.settings import Settings

OUTCOMES = ("attribution_channels", "deals")


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING)
def failed_run(
    context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]
) -> None:
    """A run that failed published nothing: say so, and why."""
    said = [reason(event)[0] for event in context.get_step_failure_events()]
    why = "; ".join(said) or context.failure_event.message
    notify(settings, "failed run", f"{context.dagster_run.job_name}: {why}")


@dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=300)
def stale_source(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SkipReason:
    """A caught source error fails no run, so a stale source has its own notice."""
    manifest = _manifest(settings)
    if manifest is None:
        return dg.SkipReason("nothing is published yet")
    stale = sorted(s.source for s in manifest.sources if s.status == "stale")
    cursor = f"{manifest.generation}:{','.join(stale)}"
    if stale and context.cursor != cursor:
        notify(settings, "stale source", f"as of {manifest.as_of}: {', '.join(stale)}")
    context.update_cursor(cursor)
    return dg.SkipReason(f"stale: {', '.join(stale) or 'none'}")


@dg.sensor(
    job=DEEP_LEARNING,
    default_status=dg.DefaultSensorStatus.STOPPED,
    minimum_interval_seconds=300,
)
def new_outcomes(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Conversions changed since the last look: learn from them before the night.

    The first look only remembers: what is published was learnt from already.
    """
    manifest = _manifest(settings)
    if manifest is None:
        yield dg.SkipReason("nothing is published yet")
        return
    seen = "-".join(
        manifest.tables[t].content_hash for t in OUTCOMES if t in manifest.tables
    )
    if context.cursor == seen:
        yield dg.SkipReason("no new outcome")
        return
    is_first = context.cursor is None
    context.update_cursor(seen)
    yield dg.SkipReason("the first look") if is_first else dg.RunRequest(run_key=seen)


def _manifest(settings: Settings) -> Manifest | None:
    try:
        return current(settings.published_dir)
    except NothingPublished:
        return None


SENSORS = [failed_run, stale_source, new_outcomes]
