"""The verb: one source from its platform into its raw tables, and what became of it.

Not here: how a source is asked, how rows are typed, how loads are written down (records.py).
"""

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

from ingestion import exports
from ingestion.errors import AnswerUnreadable, SourceError, source_error
from ingestion.pipeline import load
from ingestion.records import Known, Outcome, record, replaced_by
from ingestion.source import Ask, Batch, SourceModule
from ingestion.spec import SourceSpec
from ingestion.transport import Api, Patience
from ingestion.windows import DAY, Window, nightly
from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings


def is_on(spec: SourceSpec, settings: Settings) -> bool:
    """Sandbox: every source. Accounts: those with a variable set, never sandboxed.

    Exports: those with a file. The team's own files count in both.
    """
    if settings.mode == "sandbox":
        return True
    if spec.family == "own":
        return settings.catalogue_dir.exists()
    if settings.mode == "exports":
        return exports.is_on(spec, settings)
    return any(spec.variable(s.name) in settings.credentials for s in spec.settings)


def ingest(
    source: SourceModule,
    settings: Settings,
    *,
    as_of: date,
    window: Window | None = None,
    patience: Patience | None = None,
) -> Outcome:
    """Load one source; a source that fails keeps its last good rows and is stale.

    `window`: the days of a backfill; None is the nightly window.
    Raises: what is wrong with the warehouse, never what is wrong with the source.
    """
    started = perf_counter()
    spec = source.SPEC
    api = Api(spec, settings, patience or Patience())
    state = Known.read(spec, settings)
    if not is_on(spec, settings):
        load(spec, settings, {}, Ask((), Window(as_of, as_of), as_of), state.known)
        return record(spec, settings, as_of, Outcome(spec.name, "off"), None, {})
    try:
        ask, batches = _asked(source, settings, api, as_of, window, state)
        known = replaced_by(spec, settings, ask, state.known)
        loaded = load(spec, settings, batches, ask, known, state.lists)
    except Exception as error:
        reason = source_error(error) or _unforeseen(spec, error)
        if reason is None:
            raise
        load(spec, settings, {}, Ask((), Window(as_of, as_of), as_of), state.known)
        outcome = Outcome(
            spec.name, "stale", str(reason), seconds=perf_counter() - started
        )
        return record(spec, settings, as_of, outcome, None, {})
    outcome = Outcome(
        spec.name,
        "fresh",
        rows=loaded.rows,
        quarantined=loaded.quarantined,
        new_columns=loaded.new_columns,
        last_date=ask.window.last,
        seconds=perf_counter() - started,
    )
    reached = {each: ask.reached.get(each, ask.window.last) for each in ask.accounts}
    if spec.fresh_by and settings.mode != "exports":
        newest = _newest(spec, settings)
        reached = {each: newest.get(each, date.min) for each in ask.accounts}
        outcome = _silent(spec, outcome, reached, ask.window.last)
    return record(spec, settings, as_of, outcome, loaded, reached)


def _newest(spec: SourceSpec, settings: Settings) -> Mapping[str, date]:
    """The newest day that really arrived, per account."""
    assert spec.fresh_by is not None
    table, column = spec.fresh_by
    with db.reader(settings.warehouse_path) as con:
        rows = con.execute(
            f"select account_id, cast(max({column}) as date) "
            f"from {raw(spec.name)}.{table} group by account_id"
        ).fetchall()
    return dict(rows)


def _silent(
    spec: SourceSpec, outcome: Outcome, reached: Mapping[str, date], expected: date
) -> Outcome:
    """Stale where nothing new has arrived for longer than is normal."""
    for account, newest in reached.items():
        if newest < expected - spec.quiet_days * DAY:
            said = f"{spec.title} of {account} end on {newest}, expected {expected}: "
            said += (
                "nothing new has arrived. See whether the tracker or its export stopped"
            )
            return replace(outcome, status="stale", reason=said)
    return outcome


def _unforeseen(spec: SourceSpec, error: BaseException) -> SourceError | None:
    """An answer in a form that the source's code did not foresee stops that source alone.

    Says where in our code, for the report of the bug; None where the load went wrong.
    """
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    frames = traceback.extract_tb(cause.__traceback__)
    ours = [frame for frame in frames if f"sources/{spec.name}/" in frame.filename]
    if not isinstance(cause, LookupError | TypeError | ValueError | AttributeError):
        return None
    if not ours:
        return None
    place = f"{spec.name}/{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return AnswerUnreadable(
        f"{spec.title} answered in a form that this version does not know "
        f"({type(cause).__name__}: {cause}; {place}): report it; the known rows stay"
    )


def _asked(
    source: SourceModule,
    settings: Settings,
    api: Api,
    as_of: date,
    window: Window | None,
    state: "Known",
) -> tuple[Ask, Mapping[str, Iterator[Batch]]]:
    """What to load: from the platform, or from the files of a folder."""
    if settings.mode == "exports" and source.SPEC.family != "own":
        return exports.asked(source.SPEC, settings, as_of)
    accounts = source.accounts(api)
    ask = Ask(
        accounts,
        window or nightly(source.SPEC, as_of, state.loaded_to(accounts)),
        as_of,
        state.files,
        None if window else state.known_to(source.SPEC, accounts),
    )
    return ask, source.read(api, ask)
