"""What the assets are given: the settings under a lock, and dbt inside this process."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.resources.types import NodeType
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.due import Digests, due, forget, project_digest, remember
from orchestration.failures import DbtFailed
from warehouse import db, home
from warehouse.settings import Settings

# A tag that only lives in memory: one selector instead of hundreds of names.
DUE = "due"
BUILT_KINDS = (NodeType.Model, NodeType.Seed, NodeType.Test)
DONE = ("success", "pass")  # a warning is told again each night


def locking(settings: Settings) -> dg.ResourceDefinition:
    """The settings, given to a run together with the data folder's lock.

    Schedules and sensors get them without: they look and write nothing. A run raises
    RunBusy while another one, from the command line or from here, is at work.
    """

    def given(context: dg.InitResourceContext) -> Iterator[Settings]:
        if context.run is None:
            yield settings
            return
        with home.run_lock(settings), db.held(settings.warehouse_path):
            yield settings

    return dg.ResourceDefinition(resource_fn=given)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What dbt said of each that it made, and the ids of what stayed as it was."""

    results: Sequence[RunResult]
    unchanged: Sequence[str]


@dataclass
class Dbt:
    """dbt in process: parsed once, then built by selection."""

    settings: Settings
    on_node: Callable[[str, str], None] = field(default=lambda name, status: None)

    @property
    def target(self) -> Path:
        return self.settings.data_dir / ".dbt"

    @property
    def manifest_path(self) -> Path:
        return self.target / "manifest.json"

    def _flags(self) -> list[str]:
        os.environ["PLAYHEAD_WAREHOUSE"] = str(self.settings.warehouse_path)
        folder = str(self.settings.dbt_dir)
        return [
            *("--project-dir", folder, "--profiles-dir", folder),
            *("--target-path", str(self.target)),
            *("--log-path", str(self.settings.logs_dir)),
            # its loggers write each line before they drop it: ours hears the same events
            *("--log-level", "none", "--log-level-file", "none"),
            *("--threads", str(self.settings.threads)),
        ]

    def parse(self) -> Manifest:
        """The project as dbt understands it; also written for Dagster to read.

        Raises: DbtFailed with dbt's message (a model or YAML file is wrong).
        """
        return _parsed(tuple(self._flags()))

    def refresh(self, nodes: Collection[str]) -> Refreshed:
        """Those of `nodes` (ids) that would be made of something else than before.

        Raises: DbtFailed.
        """
        manifest, path = self.parse(), self.settings.warehouse_path
        with db.writer(path) as con:
            today = Digests(manifest, self._project, con)
            wanted = due(con, nodes, today, rebuild=self.settings.rebuild)
            forget(con, wanted)
        unchanged = sorted(set(nodes) - set(wanted))
        if not wanted:
            return Refreshed((), unchanged)
        for name, node in manifest.nodes.items():
            if node.resource_type in BUILT_KINDS:  # hooks are known by their tags
                node.tags = [DUE] if name in wanted else []
        # tests are tagged themselves
        told = self.build([f"tag:{DUE}"], indirect="empty").results
        # of a hook only what went wrong is news
        results = [
            each
            for each in told
            if each.node.unique_id in wanted or str(each.status) not in DONE
        ]
        made = {each.node.unique_id for each in results if str(each.status) in DONE}
        with db.writer(path) as con:
            remember(con, {node: wanted[node] for node in made})
        return Refreshed(results, unchanged)

    def unfinished(self) -> Sequence[str]:
        """Names of all that a run would make or check again; a warning holds nothing up.

        Raises: DbtFailed, WarehouseError; FileNotFoundError before the first run.
        """
        with db.reader(self.settings.warehouse_path) as con:
            nodes = self.parse().nodes
            kinds = {
                n for n, node in nodes.items() if node.resource_type in BUILT_KINDS
            }
            found = due(con, kinds, Digests(self.parse(), self._project, con))
        return sorted(
            nodes[each].name
            for each in found
            if getattr(nodes[each].config, "severity", "error").lower() != "warn"
        )

    def build(
        self, select: Sequence[str], *, indirect: str = "buildable", tests: bool = True
    ) -> RunExecutionResult:
        """Seeds, models and tests of a selection, each test right after its model.

        `indirect`: which tests come with a model; "buildable" leaves one that spans both
        groups to the later one.
        """
        runner = dbtRunner(manifest=self.parse(), callbacks=[self._tell])
        try:
            command = ["--quiet", "build", "--select", *select, *self._flags()]
            command += ["--indirect-selection", indirect]
            command += ["--no-write-json", "--cache-selected-only"]
            # unit tests prove the code and not the night's data: `make test` runs them
            command += ["--exclude-resource-type", "unit_test"]
            command += ["--exclude-resource-type", "test"] * (not tests)
            command += ["--full-refresh"] * self.settings.rebuild
            result = runner.invoke(command)
        finally:
            _let_go()
        if not isinstance(result.result, RunExecutionResult):
            raise DbtFailed(_said(result.exception))
        return result.result

    @cached_property
    def _project(self) -> str:
        return project_digest(self.parse(), self.settings.dbt_dir)

    def _tell(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            info = event.data.node_info
            self.on_node(info.node_name, info.node_status)
        if event.info.level in ("warn", "error"):
            with (self.settings.logs_dir / "dbt.log").open("a") as log:
                log.write(f"{event.info.ts.ToJsonString()} {event.info.msg}\n")


def _let_go() -> None:
    """Close dbt's connection: its unit tests leave one open, and Python writes next."""
    with suppress(Exception):  # none was made
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()


def _said(error: BaseException | None) -> str:
    return " ".join(str(error or "").split()) or "dbt broke off: see logs/dbt.log"


@cache
def _parsed(flags: Sequence[str]) -> Manifest:
    result = dbtRunner().invoke(["--quiet", "parse", *flags])
    if not isinstance(result.result, Manifest):
        raise DbtFailed(_said(result.exception))
    return result.result


def failures(result: RunExecutionResult | Refreshed) -> Mapping[str, str]:
    """Node name -> message, of all that errored or failed."""
    return {
        node.node.name: (node.message or "").strip().replace("\n", " ")
        for node in result.results
        if str(node.status) in ("error", "fail", "runtime error")
    }
