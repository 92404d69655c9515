"""What is written down of every load: how far it reaches, how it went, what was refused.

meta.watermarks (how far each account is loaded), meta.source_status (fresh, stale, off; why),
meta.loaded_files and meta.loaded_lists (what need not be read or written again), and
quarantine.rows. Not here: the loads themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from ingestion.pipeline import Loaded
from ingestion.source import Ask
from ingestion.spec import SourceSpec, Table
from ingestion.windows import DAY
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
create table if not exists meta.loaded_lists (
    source varchar, table_name varchar, digest varchar, primary key (source, table_name)
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


def open_records(settings: Settings) -> None:
    """Make the tables: once, before several loads write into them side by side."""
    with db.writer(settings.warehouse_path) as con:
        con.execute(META_TABLES)


def recorded(settings: Settings) -> Mapping[str, int]:
    """Rows in each of the tables in which all loads are written down."""
    with db.writer(settings.warehouse_path) as con:
        con.execute(META_TABLES)
        counts = {}
        for table in RECORDS:
            row = con.execute(f"select count(*) from {table}").fetchone()
            counts[table] = int(row[0]) if row else 0
        return counts


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse knows of a source before a load."""

    watermarks: Mapping[str, date]
    known: Mapping[str, Mapping[str, int]]
    files: frozenset[str]
    lists: Mapping[str, str]

    @classmethod
    def read(cls, spec: SourceSpec, settings: Settings) -> "Known":
        with db.writer(settings.warehouse_path) as con:
            con.execute(META_TABLES)
            marks = con.execute(
                "select account_id, loaded_to from meta.watermarks where source = ?",
                [spec.name],
            ).fetchall()
            files = con.execute(
                "select file from meta.loaded_files where source = ?", [spec.name]
            ).fetchall()
            lists = con.execute(
                "select table_name, digest from meta.loaded_lists where source = ?",
                [spec.name],
            ).fetchall()
            made = db.tables(con, raw(spec.name))
            known = {
                table.name: _counted(con, spec, table)
                for table in spec.tables
                if table.name in made
            }
        seen = frozenset(file for (file,) in files)
        return cls(dict(marks), known, seen, dict(lists))

    def loaded_to(self, accounts: Sequence[str]) -> date | None:
        """The day all accounts have reached; None when one is new."""
        if not accounts or any(a not in self.watermarks for a in accounts):
            return None
        return min(self.watermarks[account] for account in accounts)

    def known_to(self, spec: SourceSpec, accounts: Sequence[str]) -> date | None:
        """As `loaded_to`, where every list of the source has been loaded whole before."""
        lists = {table.name for table in spec.tables if table.is_list}
        is_known = lists <= self.lists.keys() and lists <= self.known.keys()
        return self.loaded_to(accounts) if is_known else None


def replaced_by(
    spec: SourceSpec,
    settings: Settings,
    ask: Ask,
    known: Mapping[str, Mapping[str, int]],
) -> Mapping[str, Mapping[str, int]]:
    """Of the rows known per table and account, those that this load would replace."""
    replaced = dict(known)
    with db.reader(settings.warehouse_path) as con:
        for table in spec.tables:
            if table.name in ask.replaces or not known.get(table.name):
                continue
            rows = known[table.name]
            if table.is_window:
                day = table.window_column
                days = f"{day} >= '{ask.window.start}' and {day} < '{ask.window.end}'"
                rows = _counted(con, spec, table, days)
            replaced[table.name] = {a: rows[a] for a in ask.accounts if a in rows}
    return replaced


def _counted(
    con: duckdb.DuckDBPyConnection, spec: SourceSpec, table: Table, where: str = "true"
) -> dict[str, int]:
    """Rows per account."""
    return dict(
        con.execute(
            f"select account_id, count(*) from {raw(spec.name)}.{table.name} "
            f"where {where} group by account_id"
        ).fetchall()
    )


def record(
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
                    "load_id = coalesce(excluded.load_id, load_id)",
                    [spec.name, account, last_date, loaded.load_id or None],
                )
            _quarantine(con, spec, loaded)
            for table, digest in loaded.lists.items():
                con.execute(
                    "insert or replace into meta.loaded_lists values (?, ?, ?)",
                    [spec.name, table, digest],
                )
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
                (loaded.load_id or None) if loaded else None,
            ],
        )
        con.execute("commit")
    return outcome


def _undeclared(con: duckdb.DuckDBPyConnection, spec: SourceSpec) -> list[str]:
    """Columns a platform sent that no `columns.py` names: kept, and reported."""
    found = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = ? and not starts_with(column_name, '_dlt') order by all",
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
