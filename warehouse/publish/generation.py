"""Make one generation: measure, build, audit, export, render, describe.

Not here: which generation is current (swap.py), the lock and the order of it all
(run.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from warehouse.db import WarehouseCorrupt, reader
from warehouse.publish import audit as auditing
from warehouse.publish.audit import Measured
from warehouse.publish.errors import (
    PublishRefused,
    ReportFailed,
    SnapshotCorrupt,
    no_room,
)
from warehouse.publish.files import (
    READ_ONLY,
    At,
    describe,
    sync,
    temporary,
    write,
)
from warehouse.publish.folder import Folder
from warehouse.publish.manifest import (
    FileEntry,
    Generation,
    Manifest,
    SourceFreshness,
    TableEntry,
    to_bytes,
)
from warehouse.publish.reader import DAMAGE, is_damage
from warehouse.publish.snapshot import build, export, identity
from warehouse.publish.swap import is_sound

RenderReport = Callable[[Path, int], str]


@dataclass(frozen=True, slots=True)
class Order:
    """What a publish was asked for."""

    warehouse_path: Path
    as_of: date
    sources: tuple[SourceFreshness, ...]
    is_simulated: bool
    mode: str
    render_report: RenderReport | None
    at: At


def make(
    order: Order, folder: Folder, number: int, current: Manifest | None
) -> tuple[dict[str, Measured], Generation | None]:
    """Measure, build, audit and write generation `number`; None if nothing changed."""
    published_at = datetime.now(UTC).replace(microsecond=0)
    made = temporary(folder.database(number))
    with _warehouse(order.warehouse_path, folder) as con:
        tables = _measured(con)
        content = auditing.content_hash(tables)
        if current and current.content_hash == content and is_sound(folder, current):
            return tables, None
        row = identity(
            generation=number,
            as_of=order.as_of,
            mode=order.mode,
            is_simulated=order.is_simulated,
            content_hash=content,
            tables=len(tables),
            published_at=published_at,
        )
        build(con, made, tables, identity=row, at=order.at)
    order.at("built")
    sync(made)
    with _speaking_of(made, folder):
        version = auditing.audit(made, tables)
    order.at("audited")
    database = folder.database(number)
    made.chmod(READ_ONLY)
    made.rename(database)
    sync(folder.path)
    order.at("sealed")
    with _speaking_of(database, folder):
        parquet = _export(folder, number, tables, order.at)
    order.at("exported")
    report = _render(order, folder, number, current)
    order.at("rendered")
    generation = Generation(
        **describe(folder.path, database).model_dump(),
        generation=number,
        as_of=order.as_of,
        mode=order.mode,
        is_simulated=order.is_simulated,
        published_at=published_at,
        storage_version=version,
        written_by=f"duckdb {duckdb.__version__}",
        content_hash=content,
        schema_hash=auditing.schema_hash(tables),
        tables={name: _entry(table, parquet[name]) for name, table in tables.items()},
        sources=order.sources,
        report=report,
    )
    write(folder.description(number), to_bytes(generation))
    order.at("described")
    return tables, generation


def _measured(con: duckdb.DuckDBPyConnection) -> dict[str, Measured]:
    try:
        columns = auditing.columns_of(con)
        tables = {name: auditing.measure(con, name, columns[name]) for name in columns}
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise PublishRefused(
            f"a view does not work: {str(error).splitlines()[0]}",
            remedy="Build the models of layer published again.",
        ) from error
    if not tables:
        raise PublishRefused(
            "the warehouse has no table there",
            remedy="Build the models of layer published first: `playhead run`.",
        )
    return tables


def _export(
    folder: Folder, number: int, tables: dict[str, Measured], at: At
) -> dict[str, FileEntry]:
    target = folder.parquet(number)
    aside = temporary(target)
    export(folder.database(number), aside, tables, at=at)
    aside.rename(target)
    sync(target.parent)
    return {name: describe(folder.path, target / f"{name}.parquet") for name in tables}


def _render(
    order: Order, folder: Folder, number: int, current: Manifest | None
) -> FileEntry | None:
    if order.render_report is None:
        return None
    try:
        page = order.render_report(folder.database(number), number).encode()
    except Exception as error:
        stays = current.generation if current else None
        raise ReportFailed(number, error, stays) from error
    path = folder.report(number)
    path.parent.mkdir(exist_ok=True)
    write(path, page)
    return describe(folder.path, path)


def _entry(table: Measured, parquet: FileEntry) -> TableEntry:
    return TableEntry(
        rows=table.rows,
        columns=table.columns,
        sums={name: str(value) for name, value in table.sums.items()},
        content_hash=table.content_hash,
        parquet=parquet,
    )


@contextmanager
def _warehouse(path: Path, folder: Folder) -> Iterator[duckdb.DuckDBPyConnection]:
    with reader(path) as con:
        con.execute("set python_enable_replacements = false")
        try:
            yield con
        except DAMAGE as error:
            if not is_damage(error):
                raise no_room(folder.path, str(error)) from error
            raise WarehouseCorrupt(
                f"{path} is damaged: {str(error).splitlines()[0]}. Move it away and "
                "run again; published snapshots stay as they are."
            ) from error


@contextmanager
def _speaking_of(database: Path, folder: Folder) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        if not is_damage(error):
            raise no_room(folder.path, str(error)) from error
        raise SnapshotCorrupt(
            database,
            str(error).splitlines()[0],
            remedy="It was just written: look at the disk, then run again.",
        ) from error
