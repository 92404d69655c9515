"""All of Dagster's definitions for one Settings, and `defs` for `dagster dev`."""

import dagster as dg

from orchestration.assets.attribute import attribute, lift_tests
from orchestration.assets.clock import clock
from orchestration.assets.ingest import load_assets, record_assets
from orchestration.assets.learn import learn
from orchestration.assets.publish import publish_assets
from orchestration.assets.transform import dbt_group
from orchestration.keys import PREPARE, SERVE
from orchestration.resources import Dbt, locking
from orchestration.schedules import JOBS, SCHEDULES
from orchestration.sensors import SENSORS
from warehouse.layout import PUBLISHED
from warehouse.settings import Settings


def build_defs(
    settings: Settings, dbt: Dbt | None = None, *, is_locked: bool = False
) -> dg.Definitions:
    """One lineage graph from API table to report.

    `is_locked`: the caller holds the data folder's lock; else every run takes it.
    """
    dbt = dbt or Dbt(settings)
    dbt.parse()
    load = load_assets()
    serve = dbt_group(dbt, SERVE)
    published = [key for key in serve.keys if key.path[0] == PUBLISHED]
    return dg.Definitions(
        assets=[
            clock,
            load,
            record_assets(load.keys),
            dbt_group(dbt, PREPARE),
            lift_tests,
            attribute,
            learn,
            serve,
            publish_assets(published),
        ],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={"settings": settings if is_locked else locking(settings)},
        executor=dg.in_process_executor,
    )


def __dir__() -> list[str]:
    """What Dagster finds here: the whole graph, not the pieces imported above."""
    return ["defs"]


def __getattr__(name: str) -> dg.Definitions:
    """`defs`, made when Dagster asks for it: importing this module does no work."""
    if name == "defs":
        return build_defs(Settings.load())
    raise AttributeError(name)
