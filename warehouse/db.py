"""Connections to the warehouse: one writer at a time, readers beside the snapshot.

A run holds the file open from its first word to its last: opening one with some hundred
relations takes longer than most loads. Not here: SQL of any model. Remedies for a locked or
broken file are here, because this is where they are first seen.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import duckdb
import pyarrow as pa

MEMORY = "1500MB"
LOADING = "500MB"  # of memory, for all loads together
COUNTED_IN_PLACE_BITS = 20  # groups of small integers, up to a million: no hashing


class WarehouseError(Exception):
    """The database cannot be opened; the message names the file and the remedy."""


class WarehouseLocked(WarehouseError):
    """Another process has the file open for writing."""


class WarehouseCorrupt(WarehouseError):
    """The file is no database that this version can read."""


def _open(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        text = str(error).splitlines()[0]
        if "could not set lock" in text.lower():
            raise WarehouseLocked(
                f"{path} is open in another process: {text}. "
                "Close the notebook or tool that holds it; readers should open "
                "published/current.duckdb instead."
            ) from error
        raise WarehouseCorrupt(
            f"{path} cannot be read: {text}. Move it away and run again; sources are "
            "loaded anew, published snapshots stay as they are."
        ) from error
    except (duckdb.SerializationException, duckdb.InternalException) as error:
        raise WarehouseCorrupt(
            f"{path} is damaged: {str(error).splitlines()[0]}. Move it away and run "
            "again; published snapshots stay as they are."
        ) from error
    con.execute("set timezone = 'UTC'")
    return con


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for files of one's own; beyond MEMORY it spills to a scratch folder."""
    with TemporaryDirectory() as scratch, duckdb.connect() as con:
        con.execute(
            f"set memory_limit = '{MEMORY}'; set temp_directory = '{scratch}'; "
            f"set perfect_ht_threshold = {COUNTED_IN_PLACE_BITS}; "
            "set enable_progress_bar = false; set TimeZone = 'UTC'"
        )
        yield con


_held: dict[Path, duckdb.DuckDBPyConnection] = {}


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep the file open: until the end, `writer` and `reader` share its connection.

    Others in this process (dbt) may open the file too, with the same configuration: none.
    Raises: WarehouseLocked, WarehouseCorrupt (each names the remedy).
    """
    with writer(path) as con:
        # one checkpoint at the end instead of many on the way
        con.execute("set checkpoint_threshold = '1GB'")
        _held[path.resolve()] = con
        try:
            yield
        finally:
            del _held[path.resolve()]


@contextmanager
def writer(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write; the folder is made when it is missing.

    Raises: WarehouseLocked, WarehouseCorrupt (each names the remedy).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _shared(path) or _open(path, read_only=False)
    try:
        yield con
    finally:
        con.close()


_loading: Counter[Path] = Counter()
_counting = Lock()


@contextmanager
def loading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writer for a load: beyond LOADING its rows wait on the disk for their commit.

    The limit is the database's. It is set by the first of the loads at work and lifted by
    the last: lowered in the middle of another one it could fail that.
    """
    with writer(path) as con:
        with _counting:
            if not _loading[path]:
                con.execute(f"set memory_limit = '{LOADING}'")
            _loading[path] += 1
        try:
            yield con
        finally:
            with _counting:
                _loading[path] -= 1
                if not _loading[path]:
                    with suppress(duckdb.Error):  # of a load that broke the file
                        con.execute("reset memory_limit")


def _shared(path: Path) -> duckdb.DuckDBPyConnection | None:
    con = _held.get(path.resolve())
    if con is None:
        return None
    con = con.cursor()
    con.execute("set timezone = 'UTC'")  # a cursor begins with the defaults
    return con


@contextmanager
def reader(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to read the work database with (snapshots have their own reader).

    Raises: WarehouseLocked, WarehouseCorrupt; FileNotFoundError before the first run.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist yet: run `playhead run` first")
    con = _shared(path) or _open(path, read_only=True)
    try:
        yield con
    finally:
        con.close()


def replace_table(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> int:
    """Replace `schema.table` by `rows` in one transaction; returns the row count."""
    schema = name.split(".")[0]
    con.execute("begin")
    try:
        con.execute(f"create schema if not exists {schema}")
        con.register("_incoming", rows)
        con.execute(f"create or replace table {name} as select * from _incoming")
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    finally:
        con.unregister("_incoming")
    return rows.num_rows


def tables(con: duckdb.DuckDBPyConnection, schema: str) -> frozenset[str]:
    """Names of the tables of `schema`; none where there is no such schema."""
    found = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name = ?",
        [schema],
    ).fetchall()
    return frozenset(name for (name,) in found)


def table_exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    return table in tables(con, schema)
