"""Event files -> Arrow, a chunk at a time; a file is read as a whole or not at all.

JSON lines (plain or gzip) and Parquet. Rows that cannot be kept are put aside with their
line; a file that cannot be read says why. Not here: what the columns mean (query.py), which
files there are (files.py).
"""

import gzip
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.cast import arrow_schema
from ingestion.errors import ExportUnreadable
from ingestion.source import Rejected
from ingestion.sources.site_events.columns import PATHS
from ingestion.sources.site_events.files import EventFile, groups
from ingestion.sources.site_events.query import (
    MACROS,
    REJECTED,
    event_query,
    json_expressions,
    json_file_source,
    json_source,
)
from ingestion.spec import Table

BLOCK_BYTES = 32 * 2**20
CHUNK_ROWS = 100_000  # judged at a time
HANDED_ROWS = 500_000  # handed over at a time: DuckDB takes few large pieces faster
FAST_BYTES = 4 * 2**20  # from here on it pays to open a file by itself
KEPT_REJECTS = 1_000  # per file; more of the same tell nobody anything new
MANY_REJECTS = 10
REPLACE_IT = "replace it by a whole one, or remove it; the other files were read"


@dataclass(frozen=True, slots=True)
class Rows:
    """Typed rows of one site, of one file or several."""

    account_id: str
    table: pa.Table


@dataclass(slots=True)
class FileRead:
    """A file all of whose rows have been handed over, and those that were put aside."""

    file: EventFile
    rows: int = 0
    put_aside: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileUnread:
    """A file of which nothing has been handed over."""

    file: EventFile
    error: ExportUnreadable


def read(
    files: Sequence[EventFile], table: Table
) -> Iterator[Rows | FileRead | FileUnread]:
    """Rows of all files, and for each file what became of it."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("set memory_limit = '512MB'")
        con.execute("set threads = 1")  # two read JSON at twice the CPU, no sooner
        con.execute(MACROS)
        for group in groups(files):
            yield from _group(con, group, arrow_schema(table))


def _group(
    con: duckdb.DuckDBPyConnection, group: list[EventFile], schema: pa.Schema
) -> Iterator[Rows | FileRead | FileUnread]:
    """Spooled first: an error in the last byte must not leave half a file behind.

    A large file of JSON lines is read fast; if that finds a line that it cannot keep, again
    and line by line, so that the line can be quoted.
    """
    big = group[0].is_lines and len(group) == 1 and _size(group[0]) >= FAST_BYTES
    with tempfile.TemporaryDirectory(prefix="playhead-") as folder:
        spooled = Path(folder) / "rows.arrow"
        try:
            read_ = _spool(con, group, schema, spooled, fast=big)
            if big and any(each.put_aside for each in read_.values()):
                read_ = _spool(con, group, schema, spooled, fast=False)
            for each in read_.values():
                _judge(each)
        except ExportUnreadable as error:
            if len(group) == 1:
                yield FileUnread(group[0], error)
            else:
                for file in group:  # one of them is broken: the others go on
                    yield from _group(con, [file], schema)
            return
        # not mapped: every page that was read would stay in memory
        with pa.OSFile(str(spooled)) as source:
            reader = pa.ipc.open_file(source)
            waiting: list[pa.RecordBatch] = []
            for number in range(reader.num_record_batches):
                waiting.append(reader.get_batch(number))
                if sum(each.num_rows for each in waiting) >= HANDED_ROWS:
                    yield _rows(group, waiting, schema)
                    waiting = []
            if waiting:
                yield _rows(group, waiting, schema)
    yield from read_.values()


def _size(file: EventFile) -> int:
    return file.path.stat().st_size


def _rows(
    group: list[EventFile], batches: list[pa.RecordBatch], schema: pa.Schema
) -> Rows:
    return Rows(group[0].account_id, pa.Table.from_batches(batches, schema))


def _spool(
    con: duckdb.DuckDBPyConnection,
    group: list[EventFile],
    schema: pa.Schema,
    spooled: Path,
    *,
    fast: bool,
) -> dict[str, FileRead]:
    """All rows to keep into one file, and what became of the others."""
    read_ = {file.name: FileRead(file) for file in group}
    with (
        pa.OSFile(str(spooled), "wb") as sink,
        pa.ipc.new_file(sink, schema) as spool,
    ):
        for told in _told(con, group, fast=fast):
            spool.write_table(_parted(told, schema, read_))
    return read_


def _parted(told: pa.Table, schema: pa.Schema, read_: dict[str, FileRead]) -> pa.Table:
    """The rows to keep; the others are written down in `read_`."""
    if len(read_) == 1:
        next(iter(read_.values())).rows += told.num_rows
    else:
        for count in told["file"].value_counts().to_pylist():
            read_[count["values"]].rows += count["counts"]
    if told[REJECTED[2]].null_count == told.num_rows:
        return told.select(schema.names).cast(schema)
    good = pc.is_null(told[REJECTED[2]])
    bad = told.filter(pc.invert(good)).select(["file", "row_number", *REJECTED])
    for row in bad.sort_by(
        [("file", "ascending"), ("row_number", "ascending")]
    ).to_pylist():
        each = read_[row["file"]]
        each.put_aside += 1
        if len(each.rejected) < KEPT_REJECTS:
            cells = (row[name] or "" for name in REJECTED)
            each.rejected.append(Rejected(row["file"], row["row_number"], *cells))
    return told.filter(good).select(schema.names).cast(schema)


def _judge(each: FileRead) -> None:
    """A file whose rows are mostly wrong is another kind of file.

    Raises: ExportUnreadable.
    """
    name, first = each.file.name, each.rejected[0] if each.rejected else None
    if first and each.put_aside > max(MANY_REJECTS, each.rows / 2):
        raise ExportUnreadable(
            name,
            row=first.row_number,
            why=f"{first.reason}, like {each.put_aside} of {each.rows} rows",
            remedy=REPLACE_IT,
        )
    if each.put_aside > len(each.rejected):
        more = each.put_aside - len(each.rejected)
        each.rejected.append(Rejected(name, 0, "", "", f"and {more} rows more"))


def _told(
    con: duckdb.DuckDBPyConnection, group: list[EventFile], *, fast: bool
) -> Iterator[pa.Table]:
    """Every row with its judgement."""
    try:
        if fast:
            yield from _json_file(con, group[0])
        elif group[0].is_parquet:
            yield from _parquet(con, group)
        else:
            yield from _json_lines(con, group)
    except (duckdb.Error, pa.ArrowException, OSError, EOFError, zlib.error) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise ExportUnreadable(
            group[0].name, why=f"cannot be read ({said})", remedy=REPLACE_IT
        ) from error


def _json_file(con: duckdb.DuckDBPyConnection, file: EventFile) -> Iterator[pa.Table]:
    query = event_query(
        json_file_source(str(file.path), file.name),
        json_expressions(),
        account=file.account_id,
        snippet="cast(null as varchar)",
    )
    for batch in con.execute(query).to_arrow_reader(CHUNK_ROWS):
        yield pa.Table.from_batches([batch])


def _json_lines(
    con: duckdb.DuckDBPyConnection, group: list[EventFile]
) -> Iterator[pa.Table]:
    query = event_query(
        json_source("chunk"),
        json_expressions(),
        account=group[0].account_id,
        snippet="line",
    )
    waiting: list[pa.Table] = []
    for file in group:
        for block in _blocks(file):
            waiting.append(block)
            if sum(table.nbytes for table in waiting) >= BLOCK_BYTES:
                con.register("chunk", pa.concat_tables(waiting))
                waiting = []
                yield con.sql(query).to_arrow_table()
    if waiting:
        con.register("chunk", pa.concat_tables(waiting))
        yield con.sql(query).to_arrow_table()


def _blocks(file: EventFile) -> Iterator[pa.Table]:
    """Numbered lines, a block of bytes at a time; empty ones are left out."""
    number, rest = 0, b""
    with gzip.open(file.path) if file.is_gzip else file.path.open("rb") as opened:
        while block := opened.read(BLOCK_BYTES):
            head, found, rest = (rest + block).rpartition(b"\n")
            if found:
                yield _numbered(file, head, number)
                number += head.count(b"\n") + 1
    if rest:
        yield _numbered(file, rest, number)


def _numbered(file: EventFile, text: bytes, before: int) -> pa.Table:
    raw = pc.list_flatten(pc.split_pattern(pa.array([text], pa.large_binary()), b"\n"))
    try:
        lines = raw.cast(pa.large_string())
    except pa.ArrowInvalid:
        decoded = [_decoded(line) for line in raw.to_pylist()]
        lines = pa.array(decoded, pa.large_string())
    numbers = pa.array(np.arange(before + 1, before + 1 + len(lines)))
    names = pa.repeat(pa.scalar(file.name), len(lines))
    table = pa.table({"file": names, "row_number": numbers, "line": lines})
    return table.filter(pc.not_equal(pc.utf8_trim_whitespace(lines), ""))


def _decoded(line: bytes) -> str:
    """The line, or something that is no JSON either."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return "not UTF-8: " + line.decode(errors="replace")


def _parquet(
    con: duckdb.DuckDBPyConnection, group: list[EventFile]
) -> Iterator[pa.Table]:
    paths = {str(file.path): file.name for file in group}
    schemas = [pq.read_schema(path) for path in paths]
    leaves = dict(_leaves(pa.unify_schemas(schemas, promote_options="permissive")))
    expressions = {
        column: [leaves[n] for path in found for n in _flat(path) if n in leaves]
        for column, found in PATHS.items()
    }
    con.register("paths", pa.table({"path": [*paths], "name": [*paths.values()]}))
    query = event_query(
        "select told.*, told.file_row_number + 1 as row_number, true as is_read, "
        "paths.name as file from read_parquet(?, file_row_number = true, "
        "filename = 'read_from', union_by_name = true) as told "
        "join paths on told.read_from = paths.path",
        expressions,
        account=group[0].account_id,
        snippet="cast(null as varchar)",
    )
    for batch in con.execute(query, [[*paths]]).to_arrow_reader(CHUNK_ROWS):
        yield pa.Table.from_batches([batch])


def _leaves(
    fields: pa.Schema | pa.StructType, sql: str = "", flat: str = ""
) -> Iterator[tuple[str, str]]:
    """Flattened snake-case name -> SQL, structs and first list elements taken apart."""
    for each in fields:
        quoted = each.name.replace('"', '""')
        inner, name = f'{sql}."{quoted}"' if sql else f'"{quoted}"', _snake(each.name)
        name, kind = f"{flat}_{name}" if flat else name, each.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            inner, kind = f"{inner}[1]", kind.value_type
        if pa.types.is_struct(kind):
            yield from _leaves(kind, inner, name)
        else:
            yield name, inner


def _snake(name: str) -> str:
    parted = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    return parted.lstrip("_").replace(".", "_")


def _flat(path: str) -> Iterator[str]:
    """Names under which a path may stand in Parquet; lakes drop `properties`."""
    name = "_".join(_snake(step) for step in path.replace("[0]", "").split("."))
    yield name
    for head in ("properties_", "traits_"):
        if name.startswith(head):
            yield name.removeprefix(head)
