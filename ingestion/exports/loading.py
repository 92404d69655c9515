"""A plan -> what one source's load replaces, and the record of what was left alone.

A folder may hold more next time: lists are replaced per account, days per account and span,
counters per file. Not here: the load itself (ingestion.ingest).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.errors import ExportsConflict, ExportUnreadable
from ingestion.exports.pieces import Piece
from ingestion.exports.plan import Plan, keep_aside, last_day, plan
from ingestion.exports.recognise import Unrecognised
from ingestion.pipeline import literal
from ingestion.source import Ask, Batch
from ingestion.spec import SourceSpec, Table
from ingestion.windows import DAY, Window
from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings

UNRECOGNISED = """
create schema if not exists meta;
create or replace table meta.unrecognised_files (
    file varchar, nearest varchar, says varchar, missing_headings bigint
);
"""


def plan_of(settings: Settings) -> Plan:
    assert settings.exports_dir is not None
    return plan(settings.exports_dir, settings.mapping_path)


def begin(settings: Settings) -> date:
    """Read and check all files; note those left alone; returns the last day in them.

    Raises: FileError when the job cannot go on. Nothing is loaded then.
    """
    assert settings.exports_dir is not None
    found = plan_of(settings)
    keep_aside(found.faults, settings.quarantine_dir)
    rows = [
        [each.file, each.nearest, each.says, len(each.missing)]
        for each in found.unrecognised
    ]
    with db.writer(settings.warehouse_path) as con:
        con.execute(UNRECOGNISED)
        if rows:
            con.executemany(
                "insert into meta.unrecognised_files values (?, ?, ?, ?)", rows
            )
    return last_day(settings.exports_dir, settings.mapping_path)


def is_on(spec: SourceSpec, settings: Settings) -> bool:
    """Whether the folder has a file of the source, or one that was of it."""
    return plan_of(settings).has(spec) or bool(_unlearnt(spec, settings))


def _unlearnt(spec: SourceSpec, settings: Settings) -> list[Unrecognised]:
    """Files loaded before that are no longer recognised: their rows must not vanish."""
    left = {each.file: each for each in plan_of(settings).unrecognised}
    with db.writer(settings.warehouse_path) as con:
        if not left or not db.table_exists(con, "meta", "loaded_files"):
            return []
        rows = con.execute(
            "select file from meta.loaded_files where source = ? order by file",
            [spec.name],
        ).fetchall()
    return [left[file] for (file,) in rows if file in left]


def asked(
    spec: SourceSpec, settings: Settings, as_of: date
) -> tuple[Ask, Mapping[str, Iterator[Batch]]]:
    """What to load of one source, and which rows that replaces.

    Raises: FileError of a file of this source.
    """
    for lost in _unlearnt(spec, settings):
        raise ExportUnreadable(
            lost.file,
            why=f"was loaded before and has {lost.says}",
            remedy=f"export it again as {lost.nearest}, or remove the file",
        )
    found = plan_of(settings)
    batches = found.batches(spec)
    reached = found.reached(spec)
    last = max(reached.values(), default=as_of)
    replaces = {
        name: _replaced(settings, spec, pieces[0].table, pieces)
        for name, pieces in found.tables(spec).items()
    }
    ask = Ask(
        found.accounts(spec),
        Window(last, last + DAY),
        as_of,
        replaces=replaces,
        reached=reached,
    )
    return ask, batches


def _replaced(
    settings: Settings, spec: SourceSpec, table: Table, pieces: Sequence[Piece]
) -> str:
    """The rows that the pieces of one table replace, as a predicate."""
    if table.window_column is not None:
        day = table.window_column
        spans = (_span(day, each) for each in pieces if each.rows.num_rows)
        return " or ".join(spans) or "false"
    accounts = _one_of("account_id", {each.account for each in pieces})
    if "file" not in table.replaced_by:
        return accounts
    files = {each.file for each in pieces}
    files |= _renamed(settings, spec, table, pieces, files)
    return f"{accounts} and {_one_of('file', files)}"


def _one_of(column: str, values: set[str]) -> str:
    return f"{column} in ({', '.join(literal(value) for value in sorted(values))})"


def _span(day: str, piece: Piece) -> str:
    bounds = pc.min_max(piece.rows[day]).as_py()
    return (
        f"(account_id = {literal(piece.account)} and {day} >= date '{bounds['min']}' "
        f"and {day} <= date '{bounds['max']}')"
    )


def _renamed(
    settings: Settings,
    spec: SourceSpec,
    table: Table,
    pieces: Sequence[Piece],
    files: set[str],
) -> set[str]:
    """Files loaded before whose rows now come under another name, all of them.

    Raises: ExportsConflict when only some of them do: the two files tell the same.
    """
    keys = [key for key in table.grain if key != "file"]
    with db.writer(settings.warehouse_path) as con:
        if not db.table_exists(con, raw(spec.name), table.name):
            return set()
        told = pa.concat_tables([p.rows.select([*keys, "file"]) for p in pieces])
        con.register("told", told)
        con.register("present", pa.table({"file": sorted(files)}))
        found = con.execute(
            f"""
            select
                loaded.file, count(*) = count(told.file), min(told.file),
                loaded.account_id
            from {raw(spec.name)}.{table.name} as loaded
            left join told using ({", ".join(keys)})
            where loaded.file not in (select file from present)
            group by loaded.file, loaded.account_id
            having count(told.file) > 0
            """
        ).fetchall()
    for before, whole, now, account in found:
        if not whole:
            raise ExportsConflict(
                now,
                why=f"tells in part what {before} told at an earlier load, under the "
                f"same account {account}",
                remedy=f"bring {before} back and remove the part told twice, or tell "
                "the files apart: a folder each, or `account` in exports.yml",
            )
    return {before for before, *_ in found}
