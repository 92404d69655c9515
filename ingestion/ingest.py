"""The verb: one source from its platform into its raw tables, and what is known of it.

Writes `meta.watermarks` (how far each account is loaded), `meta.source_status` (fresh,
stale, off; why) and `quarantine.rows`. Not here: how a source is asked, how rows are typed.
"""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb

from ingestion import exports
from ingestion.errors import AnswerUnreadable, SourceError, source_error
from ingestion.pipeline import Loaded, load
from ingestion.source import Ask, Batch, SourceModule
from ingestion.spec import SourceSpec
from ingestion.transport import Api, Patience
from ingestion.windows import DAY, Window, nightly
from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings

RECORDS = ("meta.source_status", "meta.watermarks", "quarantine.rows")
META_TABLES = """
create schema if not exists meta;
create schema if not exists quarantine;
create table if not exists meta.watermarks (
    source varchar, account_id varchar, loaded_to date, load_id varchar,
    primary key (source, account_id)
);
create table if not exists meta.source_status (
    source varchar primary key, family varchar, title varchar, status varchar,
    reason varchar, last_date date, expected_date date, as_of date, rows_loaded bigint,
    quarantined bigint, new_columns varchar, load_id varchar
);
create table if not exists meta.loaded_files (
    source varchar, file varchar, load_id varchar, primary key (source, file)
);
create table if not exists quarantine.rows (
    source varchar, table_name varchar, account_id varchar, location varchar,
    row_number bigint, column_name varchar, value varchar, reason varchar,
    load_id varchar
);
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source in this run."""

    source: str
    status: str  # fresh | stale | off
    reason: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0
    new_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    last_date: date | None = None
    seconds: float = 0.0


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
    state = _State.read(spec, settings)
    if not is_on(spec, settings):
        load(spec, settings, {}, Ask((), Window(as_of, as_of), as_of), state.known)
        return _record(spec, settings, as_of, Outcome(spec.name, "off"), None, {})
    try:
        ask, batches = _asked(source, settings, api, as_of, window, state)
        loaded = load(spec, settings, batches, ask, state.known)
    except Exception as error:
        reason = source_error(error) or _unforeseen(spec, error)
        if reason is None:
            raise
        load(spec, settings, {}, Ask((), Window(as_of, as_of), as_of), state.known)
        outcome = Outcome(
            spec.name, "stale", str(reason), seconds=perf_counter() - started
        )
        return _record(spec, settings, as_of, outcome, None, {})
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
    return _record(spec, settings, as_of, outcome, loaded, reached)


def recorded(settings: Settings) -> Mapping[str, int]:
    """Rows in each of the tables in which all loads are written down."""
    with db.writer(settings.warehouse_path) as con:
        con.execute(META_TABLES)
        counts = {}
        for table in RECORDS:
            row = con.execute(f"select count(*) from {table}").fetchone()
            counts[table] = int(row[0]) if row else 0
        return counts


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
    state: "_State",
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
    )
    return ask, source.read(api, ask)


@dataclass(frozen=True, slots=True)
class _State:
    """What the warehouse knows of a source before a load."""

    watermarks: Mapping[str, date]
    known: Mapping[str, Mapping[str, int]]
    files: frozenset[str]

    @classmethod
    def read(cls, spec: SourceSpec, settings: Settings) -> "_State":
        with db.writer(settings.warehouse_path) as con:
            con.execute(META_TABLES)
            marks = con.execute(
                "select account_id, loaded_to from meta.watermarks where source = ?",
                [spec.name],
            ).fetchall()
            files = con.execute(
                "select file from meta.loaded_files where source = ?", [spec.name]
            ).fetchall()
            known: dict[str, dict[str, int]] = {}
            for table in spec.tables:
                if db.table_exists(con, raw(spec.name), table.name):
                    rows = con.execute(
                        f"select account_id, count(*) from {raw(spec.name)}.{table.name} "
                        "group by account_id"
                    ).fetchall()
                    known[table.name] = dict(rows)
        return cls(dict(marks), known, frozenset(file for (file,) in files))

    def loaded_to(self, accounts: Sequence[str]) -> date | None:
        """The day all accounts have reached; None when one is new."""
        if not accounts or any(a not in self.watermarks for a in accounts):
            return None
        return min(self.watermarks[account] for account in accounts)


def _record(
    spec: SourceSpec,
    settings: Settings,
    as_of: date,
    outcome: Outcome,
    loaded: Loaded | None,
    reached: Mapping[str, date],
) -> Outcome:
    with db.writer(settings.warehouse_path) as con:
        con.execute("begin")
        if loaded is not None:
            for account, last_date in reached.items():
                con.execute(
                    "insert into meta.watermarks values (?, ?, ?, ?) on conflict do "
                    "update set loaded_to = greatest(loaded_to, excluded.loaded_to), "
                    "load_id = excluded.load_id",
                    [spec.name, account, last_date, loaded.load_id],
                )
            _quarantine(con, spec, loaded)
        last = con.execute(
            "select min(loaded_to) from meta.watermarks where source = ?", [spec.name]
        ).fetchone()
        expected: date | None = as_of - spec.lag_days * DAY
        if settings.mode == "exports":  # files are never late: each tells its own days
            expected = last[0] if last else None
        con.execute(
            "insert or replace into meta.source_status "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                spec.name,
                spec.family,
                spec.title,
                outcome.status,
                outcome.reason,
                last[0] if last else None,
                expected if outcome.status != "off" else None,
                as_of,
                sum(outcome.rows.values()),
                outcome.quarantined,
                ", ".join(_undeclared(con, spec)) or None,
                loaded.load_id if loaded else None,
            ],
        )
        con.execute("commit")
    return outcome


def _undeclared(con: duckdb.DuckDBPyConnection, spec: SourceSpec) -> list[str]:
    """Columns a platform sent that no `columns.py` names: kept, and reported."""
    found = con.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = ? and column_name not like '\\_dlt%' escape '\\' order by all",
        [raw(spec.name)],
    ).fetchall()
    declared = {table.name: set(table.columns) for table in spec.tables}
    return [
        f"{table}.{column}"
        for table, column in found
        if table in declared and column not in declared[table]
    ]


def _quarantine(
    con: duckdb.DuckDBPyConnection, spec: SourceSpec, loaded: Loaded
) -> None:
    """Replaced by (source, table, account, location) so that counts do not grow."""
    for table, places in loaded.wheres.items():
        rejected = loaded.rejected.get(table, [])
        con.execute(
            "delete from quarantine.rows where source = ? and table_name = ? and "
            "(account_id, location) in (select unnest(?), unnest(?))",
            [spec.name, table, [a for a, _ in places], [w for _, w in places]],
        )
        rows = [
            [
                spec.name,
                table,
                account,
                bad.where,
                bad.row_number,
                bad.column,
                bad.value,
                bad.reason,
                loaded.load_id,
            ]
            for account, bad in rejected
        ]
        if rows:
            con.executemany(
                "insert into quarantine.rows values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
    files = {file for places in loaded.files.values() for file in places}
    for file in sorted(files):
        con.execute(
            "insert or replace into meta.loaded_files values (?, ?, ?)",
            [spec.name, file, loaded.load_id],
        )
