"""Run the nightly job in this process: no daemon, no webserver, nothing to clean up.

Holds the data folder's lock, keeps the sandbox alive when there is one, tells progress to
a callback, and returns what happened as plain data. Not here: printing (cli).
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from uuid import uuid4

import dagster as dg

from ingestion.errors import SourceError
from ingestion.registry import sources
from ingestion.sandbox import process
from orchestration.definitions import build_defs
from orchestration.keys import PREPARE, SERVE, SNAPSHOT
from orchestration.resources import Dbt
from warehouse import db, home
from warehouse.publish import PublishError
from warehouse.settings import Settings

STAGES = ("ingest", PREPARE, "attribute", "learn", SERVE, "publish")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
Progress = Callable[[str, str], None]  # (stage or step, what about it)

RUNS = """
create schema if not exists meta;
create table if not exists meta.runs (
    run_id varchar, started_at timestamp, finished_at timestamp, as_of date,
    status varchar, generation bigint, error varchar
)
"""


@dataclass(slots=True)
class RunOutcome:
    """What a run did, for the summary and for machines."""

    run_id: str
    as_of: date | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    generation: int | None = None
    is_new: bool = False
    tables_changed: dict[str, int] = field(default_factory=dict)
    error: str | None = None

    @property
    def stale(self) -> list[dict[str, Any]]:
        return [each for each in self.sources if each["status"] == "stale"]

    @property
    def exit_code(self) -> int:
        if self.error is not None:
            return 1
        return 3 if self.stale else 0


@contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """The settings with a living sandbox, where the mode wants one."""
    if settings.mode != "sandbox" or settings.sandbox_url:
        yield settings
        return
    with process.started(settings) as url:
        yield settings.with_sandbox(url)


def run_config(
    *, advance_days: int = 0, first: date | None = None, last: date | None = None
) -> dict[str, Any]:
    """The configuration of the nightly job: the calendar's step, or a backfill's days."""
    ops: dict[str, Any] = {"meta__clock": {"config": {"advance_days": advance_days}}}
    if first and last:
        for name in sources():
            window = {"first": first.isoformat(), "last": last.isoformat()}
            ops[f"ingest_{name}"] = {"config": window}
    return {"ops": ops, **QUIET}


def run(
    settings: Settings,
    *,
    advance_days: int = 0,
    first: date | None = None,
    last: date | None = None,
    progress: Progress = lambda stage, text: None,
) -> RunOutcome:
    """The nightly job, once.

    Raises: RunBusy, WrongMode, WarehouseLocked, WarehouseCorrupt: each before anything
    is written, each with its remedy. What fails later is in the outcome's `error`.
    """
    outcome = RunOutcome(run_id=str(uuid4()))
    started = datetime.now(UTC)
    with home.run_lock(settings):
        home.claim(settings)
        with db.writer(settings.warehouse_path) as con:  # refuse a bad file first
            con.execute(RUNS)
        with reachable(settings) as reached:
            progress("start", "reading the models")
            clock = perf_counter()
            dbt = Dbt(reached, on_node=lambda name, status: progress("model", name))
            definitions = build_defs(reached, dbt)
            outcome.seconds["start"] = perf_counter() - clock
            config = run_config(advance_days=advance_days, first=first, last=last)
            _execute(definitions, config, outcome, progress)
        _collect(settings, outcome)
        _note(settings, outcome, started)
    return outcome


def _execute(
    definitions: dg.Definitions,
    config: Mapping[str, Any],
    outcome: RunOutcome,
    progress: Progress,
) -> None:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with dg.DagsterInstance.ephemeral() as instance:
        watch = _Watch(outcome, progress)
        instance.add_event_listener(outcome.run_id, watch)
        result = definitions.resolve_job_def("nightly").execute_in_process(
            instance=instance,
            run_id=outcome.run_id,
            run_config=dict(config),
            raise_on_error=False,
        )
        if not result.success and outcome.error is None:
            outcome.error = "the run stopped without a reason: see logs/dbt.log"


@dataclass
class _Watch:
    """Turns Dagster's events into stages with seconds, and into progress."""

    outcome: RunOutcome
    progress: Progress
    _began: dict[str, float] = field(default_factory=dict)

    def __call__(self, entry: Any) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        step, stage = event.step_key, _stage(event.step_key)
        if event.event_type_value == "STEP_START":
            self._began[step] = perf_counter()
            self.progress(stage, step)
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            took = perf_counter() - self._began.pop(step, perf_counter())
            seconds = self.outcome.seconds
            seconds[stage] = seconds.get(stage, 0.0) + took
            if event.event_type_value == "STEP_FAILURE":
                self.outcome.error = self.outcome.error or _reason(event)
        elif event.event_type_value == "ASSET_MATERIALIZATION":
            metadata = event.materialization.metadata
            if event.asset_key == SNAPSHOT:
                self._published(metadata)
            if "rows" in metadata:
                rows = self.outcome.rows
                rows[stage] = rows.get(stage, 0) + int(metadata["rows"].value)

    def _published(self, metadata: Mapping[str, Any]) -> None:
        self.outcome.generation = metadata["generation"].value
        self.outcome.is_new = metadata["is_new"].value
        self.outcome.tables_changed = metadata["tables_changed"].value


def _stage(step: str) -> str:
    if step == "meta__clock" or step.startswith("ingest_"):
        return "ingest"
    return step


def _reason(event: Any) -> str:
    """The innermost cause that we raised ourselves, or the outermost message."""
    error = event.step_failure_data.error
    said = [error]
    while said[-1] is not None and said[-1].cause is not None:
        said.append(said[-1].cause)
    names = {kind.__name__ for kind in _known_errors()}
    for each in reversed(said):
        if each.cls_name in names:
            return str(each.message).split(": ", 1)[-1].strip()
    metadata = event.step_failure_data.user_failure_data
    if metadata is not None and metadata.description:
        return str(metadata.description)
    return str(said[-1].message).strip()


def _known_errors() -> set[type[Exception]]:
    def below(kind: type[Exception]) -> set[type[Exception]]:
        return {kind, *(each for sub in kind.__subclasses__() for each in below(sub))}

    bases: Sequence[type[Exception]] = (
        SourceError,
        PublishError,
        db.WarehouseError,
        home.HomeError,
    )
    return {each for base in bases for each in below(base)}


def _collect(settings: Settings, outcome: RunOutcome) -> None:
    with db.writer(settings.warehouse_path) as con:
        if db.table_exists(con, "meta", "clock"):
            row = con.execute("select as_of from meta.clock").fetchone()
            outcome.as_of = row[0] if row else None
        if db.table_exists(con, "meta", "source_status"):
            rows = con.sql("select * from meta.source_status order by source")
            outcome.sources = [
                dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()
            ]


def _note(settings: Settings, outcome: RunOutcome, started: datetime) -> None:
    status = {0: "published", 3: "published with stale sources", 1: "not published"}
    with db.writer(settings.warehouse_path) as con:
        con.execute(
            "insert into meta.runs values (?, ?, ?, ?, ?, ?, ?)",
            [
                outcome.run_id,
                started.replace(tzinfo=None),
                datetime.now(UTC).replace(tzinfo=None),
                outcome.as_of,
                status[outcome.exit_code],
                outcome.generation,
                outcome.error,
            ],
        )
