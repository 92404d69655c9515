"""Run the nightly job in this process: no daemon, no webserver, nothing to clean up.

Holds the data folder's lock, keeps the sandbox alive when there is one, tells progress to
a callback, and returns what happened as plain data. Not here: printing (cli).
"""

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from uuid import uuid4

import dagster as dg

from ingestion.sandbox import process
from orchestration.definitions import build_defs
from orchestration.failures import EXIT_NOT_PUBLISHED, EXIT_STALE, explained, reason
from orchestration.instance import forgetful
from orchestration.keys import INGEST, PREPARE, RECORDED, SERVE, SNAPSHOT
from orchestration.notify import notify
from orchestration.resources import Dbt
from warehouse import db, home
from warehouse.settings import Settings

STAGES = (INGEST, PREPARE, "attribute", "learn", SERVE, "publish")
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
    ingested: set[str] = field(default_factory=set)  # sources this run has dealt with
    sources: list[dict[str, Any]] = field(default_factory=list)
    generation: int | None = None
    is_new: bool = False
    tables_changed: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)  # what was left out, and why
    error: str | None = None
    error_code: int = EXIT_NOT_PUBLISHED

    @property
    def stale(self) -> list[dict[str, Any]]:
        return [each for each in self.sources if each["status"] == "stale"]

    @property
    def exit_code(self) -> int:
        if self.error is not None:
            return self.error_code
        return EXIT_STALE if self.stale else 0

    def fail(self, error: str, code: int) -> None:
        """The first failure is the one to tell: the others follow from it."""
        if self.error is None:
            self.error, self.error_code = error, code


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
        window = {"first": first.isoformat(), "last": last.isoformat()}
        ops[INGEST] = {"config": window}
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
    with home.run_lock(settings), _open(settings):
        try:
            with reachable(settings) as reached:
                progress("start", "reading the models")
                clock = perf_counter()
                dbt = Dbt(reached, on_node=lambda name, _: progress("model", name))
                definitions = build_defs(reached, dbt, is_locked=True)
                outcome.seconds["start"] = perf_counter() - clock
                config = run_config(advance_days=advance_days, first=first, last=last)
                with _settled():
                    _execute(definitions, config, outcome, progress)
        except Exception as error:
            told = explained(error)
            if told is None:
                raise
            outcome.fail(*told)
        _collect(settings, outcome)
        _note(settings, outcome, started)
    _tell(settings, outcome)
    return outcome


@contextmanager
def _settled() -> Iterator[None]:
    """What stands by now stays: it is not looked through for garbage until the end."""
    gc.freeze()
    gc.enable()  # the verb may have turned it off
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _open(settings: Settings) -> Iterator[None]:
    """The folder claimed and its warehouse open: a bad file is refused first."""
    home.claim(settings)
    with db.held(settings.warehouse_path):
        with db.writer(settings.warehouse_path) as con:
            con.execute(RUNS)
        yield


def _execute(
    definitions: dg.Definitions,
    config: Mapping[str, Any],
    outcome: RunOutcome,
    progress: Progress,
) -> None:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with forgetful() as instance:
        watch = _Watch(outcome, progress)
        instance.add_event_listener(outcome.run_id, watch)
        result = definitions.resolve_job_def("nightly").execute_in_process(
            instance=instance,
            run_id=outcome.run_id,
            run_config=dict(config),
            raise_on_error=False,
        )
        if not result.success:
            said = "the run stopped without a reason: see logs/dbt.log"
            outcome.fail(said, EXIT_NOT_PUBLISHED)


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
        step, stage = event.step_key, stage_of(event.step_key)
        if event.event_type_value == "STEP_START":
            self._began[step] = perf_counter()
            self.progress(stage, step)
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            took = perf_counter() - self._began.pop(step, perf_counter())
            seconds = self.outcome.seconds
            seconds[stage] = seconds.get(stage, 0.0) + took
            if event.event_type_value == "STEP_FAILURE":
                self.outcome.fail(*reason(event))
        elif event.event_type_value == "ASSET_MATERIALIZATION":
            metadata = event.materialization.metadata
            if event.asset_key == SNAPSHOT:
                self._published(metadata)
            if "source" in metadata:
                self._loaded(metadata["source"].value)
            if "rows" in metadata:
                rows = self.outcome.rows
                rows[stage] = rows.get(stage, 0) + int(metadata["rows"].value)
            if "notices" in metadata:
                self.outcome.notices += metadata["notices"].value

    def _loaded(self, source: str) -> None:
        if source not in self.outcome.ingested:
            self.outcome.ingested.add(source)
            self.progress(INGEST, source)

    def _published(self, metadata: Mapping[str, Any]) -> None:
        self.outcome.generation = metadata["generation"].value
        self.outcome.is_new = metadata["is_new"].value
        self.outcome.tables_changed = metadata["tables_changed"].value


def stage_of(step: str) -> str:
    """The stage that a step's seconds and rows are told with."""
    if step in ("meta__clock", RECORDED):
        return INGEST
    return "attribute" if step == "lift_tests" else step


def _collect(settings: Settings, outcome: RunOutcome) -> None:
    with db.writer(settings.warehouse_path) as con:
        if db.table_exists(con, "meta", "clock"):
            row = con.execute("select as_of from meta.clock").fetchone()
            outcome.as_of = row[0] if row else None
        if db.table_exists(con, "meta", "source_status"):
            rows = con.sql("select * from meta.source_status order by source")
            found = [dict(zip(rows.columns, r, strict=True)) for r in rows.fetchall()]
            outcome.sources = [s for s in found if s["source"] in outcome.ingested]


def _note(settings: Settings, outcome: RunOutcome, started: datetime) -> None:
    status = {0: "published", EXIT_STALE: "published with stale sources"}
    with db.writer(settings.warehouse_path) as con:
        con.execute(
            "insert into meta.runs values (?, ?, ?, ?, ?, ?, ?)",
            [
                outcome.run_id,
                started.replace(tzinfo=None),
                datetime.now(UTC).replace(tzinfo=None),
                outcome.as_of,
                status.get(outcome.exit_code, "not published"),
                outcome.generation,
                outcome.error,
            ],
        )


def _tell(settings: Settings, outcome: RunOutcome) -> None:
    """The notices that the sensors give in the deployed mode."""
    if outcome.error is not None:
        notify(settings, "failed run", outcome.error)
    elif outcome.stale:
        names = ", ".join(each["source"] for each in outcome.stale)
        notify(settings, "stale source", f"as of {outcome.as_of}: {names}")
