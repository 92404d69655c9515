"""Build one generation: the DuckDB file and its Parquet twins.

Everything is made under a temporary name; who renames it, and when, is run.py's
business.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from warehouse.layout import PUBLISHED
from warehouse.publish.audit import SNAPSHOT, STORAGE_VERSION, Measured, quoted
from warehouse.publish.files import READ_ONLY, At, sync, unobserved

ALIAS = "playhead_build"
COMPRESSION = "zstd"


def build(
    con: duckdb.DuckDBPyConnection,
    target: Path,
    tables: Mapping[str, Measured],
    *,
    identity: Mapping[str, object],
    at: At = unobserved,
) -> None:
    """Copy every published table, views as tables, into the new file `target`.

    `con` is the read-only connection to the warehouse: views written by dbt name their
    database, so it must be open under its own name. Column comments travel along.
    """
    inside = f"{ALIAS}.{PUBLISHED}"
    con.execute(
        f"attach {literal(target)} as {ALIAS} "
        f"(read_write, storage_version '{STORAGE_VERSION}')"
    )
    con.execute(f"create schema {inside}")
    for number, table in enumerate(tables):
        name = quoted(table)
        con.execute(f"create table {inside}.{name} as from {PUBLISHED}.{name}")
        if number == 0:
            at("copying")
    _copy_comments(con, inside, tables)
    _write_identity(con, inside, identity)
    con.execute(f"checkpoint {ALIAS}")
    con.execute(f"detach {ALIAS}")


def identity(
    *,
    generation: int,
    as_of: date,
    mode: str,
    is_simulated: bool,
    content_hash: str,
    tables: int,
    published_at: datetime,
) -> dict[str, object]:
    """The row of `published.snapshot`: for screenshots, where they are from."""
    return {
        "generation": generation,
        "as_of": as_of,
        "mode": mode,
        "is_simulated": is_simulated,
        "content_hash": content_hash,
        "tables": tables,
        "published_at": published_at.astimezone(UTC).replace(tzinfo=None),
    }


def export(
    database: Path, target: Path, tables: Mapping[str, Measured], *, at: At = unobserved
) -> None:
    """Write `<table>.parquet` for every table of a closed snapshot into `target`."""
    target.mkdir(parents=True)
    con = duckdb.connect(str(database), read_only=True)
    try:
        for number, table in enumerate(tables):
            path = target / f"{table}.parquet"
            con.execute(
                f"copy {PUBLISHED}.{quoted(table)} to {literal(path)} "
                f"(format parquet, compression {COMPRESSION})"
            )
            path.chmod(READ_ONLY)
            sync(path)
            if number == 0:
                at("exporting")
    finally:
        con.close()
    sync(target)


def literal(text: Path | str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _write_identity(
    con: duckdb.DuckDBPyConnection, inside: str, row: Mapping[str, object]
) -> None:
    con.execute(
        f"create table {inside}.{SNAPSHOT} (generation integer, as_of date, "
        "mode varchar, is_simulated boolean, content_hash varchar, tables integer, "
        "published_at timestamp)"
    )
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    con.execute(
        f"insert into {inside}.{SNAPSHOT} ({names}) values ({marks})",
        list(row.values()),
    )


def _copy_comments(
    con: duckdb.DuckDBPyConnection, inside: str, tables: Mapping[str, Measured]
) -> None:
    said = con.execute(
        "select table_name, column_name, comment from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? "
        "and comment is not null",
        [PUBLISHED],
    ).fetchall()
    for table, column, comment in said:
        if table in tables:
            target = f"{inside}.{quoted(table)}.{quoted(column)}"
            con.execute(f"comment on column {target} is {literal(comment)}")
