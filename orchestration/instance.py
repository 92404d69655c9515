"""Dagster's instance for one run in this process: it hears every event and keeps none.

What a run leaves is a row of `meta.runs` and its generation. Dagster's log would be
written to a database in memory, searched at each asset and thrown away at the end: 2.6
of 3.9 CPU seconds for three hundred assets and two hundred checks. `playhead dev` keeps it.
"""

from collections.abc import Sequence
from typing import Any

import dagster as dg
from dagster._core.instance import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class Forgetful(InMemoryEventLogStorage):
    """No event is stored, so that there is none of an earlier materialisation either."""

    def store_event(self, event: Any) -> None:
        """Listeners were told already: the instance does that."""

    def get_asset_records(self, asset_keys: Any = None) -> Sequence[Any]:
        return []


def forgetful() -> dg.DagsterInstance:
    """As `DagsterInstance.ephemeral()`, without a memory of events."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=Forgetful(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
