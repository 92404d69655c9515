"""When things run: the nightly refresh, fast sources during the day, deep learning weekly.

Assets are chosen by what their spec says (cadence, group), never by key.
"""

import dagster as dg

from warehouse.settings import Settings

_ALL = dg.AssetSelection.all()
_CLOCK = dg.AssetSelection.assets(["meta", "clock"])
_FAST = dg.AssetSelection.tag("cadence", "intraday")
_LEARN = dg.AssetSelection.groups("attribute", "learn")
_PAGES = dg.AssetSelection.groups("prepare", "attribute", "learn", "serve")
_OUT = dg.AssetSelection.groups("publish", "report")

NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=_ALL,
    description="Everything, with each source's restatement window. Give the ingest "
    "assets `first` and `last` in the run's configuration for a backfill.",
    executor_def=dg.in_process_executor,
)
INTRADAY = dg.define_asset_job(
    "intraday",
    selection=_CLOCK | _FAST | _PAGES | _OUT,
    description="The sources that change during the day, and all that follows from them.",
    executor_def=dg.in_process_executor,
)
DEEP_LEARNING = dg.define_asset_job(
    "deep_learning",
    selection=_LEARN | dg.AssetSelection.groups("serve") | _OUT,
    description="Attribution and beliefs from all history, then the pages.",
    executor_def=dg.in_process_executor,
)
JOBS = [NIGHTLY, INTRADAY, DEEP_LEARNING]


@dg.schedule(
    job=NIGHTLY,
    cron_schedule="0 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly(
    context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest:
    """Every night at four, UTC. In the sandbox it lives through one more day."""
    days = 1 if settings.mode == "sandbox" else 0
    config = {"ops": {"meta__clock": {"config": {"advance_days": days}}}}
    when = context.scheduled_execution_time
    return dg.RunRequest(run_key=f"nightly-{when:%Y-%m-%d}", run_config=config)


intraday = dg.ScheduleDefinition(
    name="intraday",
    job=INTRADAY,
    cron_schedule="0 8-20/4 * * *",
    execution_timezone="UTC",
)
weekly = dg.ScheduleDefinition(
    name="weekly_deep_learning",
    job=DEEP_LEARNING,
    cron_schedule="0 6 * * 0",
    execution_timezone="UTC",
)
SCHEDULES = [nightly, intraday, weekly]
