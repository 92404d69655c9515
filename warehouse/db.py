"""Connections to the warehouse: one writer at a time, readers beside the snapshot.

Not here: SQL of any model. Remedies for a locked or broken file are here, because this is
where they are first seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa


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
def writer(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write; the folder is made when it is missing.

    Raises: WarehouseLocked, WarehouseCorrupt (each names the remedy).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _open(path, read_only=False)
    try:
        yield con
    finally:
        con.close()


@contextmanager
def reader(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the work database (snapshots have their own reader).

    Raises: WarehouseLocked, WarehouseCorrupt; FileNotFoundError before the first run.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist yet: run `playhead run` first")
    con = _open(path, read_only=True)
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


def table_exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(found and found[0])
