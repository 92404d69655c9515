"""The audit: what may be published, and whether the snapshot is what the warehouse
holds.

A table is measured once in the warehouse and once in the closed, reopened snapshot:
rows, sum of every numeric column, and a hash of its rows in which their order does not
count. The same measurement makes the content hash, so that "nothing changed" costs one
scan. Not here: whether the numbers are right (dbt tests, conservation checks).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb

from warehouse.layout import PUBLISHED
from warehouse.publish.errors import PublishRefused

STORAGE_VERSION = "v1.0.0"  # read by every client from duckdb 1.0.0 to 2.0.0
SNAPSHOT = "snapshot"  # our own one-row table in `published`
UNHASHED = frozenset({"load_id"})  # the same rows, loaded again, are the same content

SUMMED = {
    "INTEGER": "sum({})",
    "BIGINT": "sum({})",
    "DECIMAL(18,4)": "sum({})",
    "DOUBLE": "fsum({})",
}
ALLOWED = frozenset({*SUMMED, "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP"})
_NESTED = "cast it to varchar, or publish the parts as rows of their own table"
_REMEDIES = {
    "HUGEINT": "sum() of a bigint is a hugeint: write cast(sum(...) as bigint)",
    "UHUGEINT": "write cast(... as bigint)",
    "TIMESTAMP": "write cast(... at time zone 'UTC' as timestamp), and name it _at",
    "INTERVAL": "publish a number: _seconds or _days",
    "DECIMAL": "money is decimal(18, 4): write cast(... as decimal(18, 4))",
    "FLOAT": "write cast(... as double)",
    "ENUM": "write cast(... as varchar)",
    "UUID": "write cast(... as varchar)",
}
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")

Columns = dict[str, str]
# Amounts have few digits, so that their sums often end in a 5 just where they are rounded,
# and the last bit would decide. A multiple of this never does.
OFF_GRID = 1.618033988749895
Sum = int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One table as it is: types by column, rows, sums by numeric column, row hash."""

    columns: Columns
    rows: int
    sums: Mapping[str, Sum]
    content_hash: str


def columns_of(con: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Tables and views of `published` in the connection's own database, by name.

    Raises: PublishRefused for a type or a name that not every reader takes.
    """
    found = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? "
        "and table_name <> ? order by table_name, column_index",
        [PUBLISHED, SNAPSHOT],
    ).fetchall()
    tables: dict[str, Columns] = {}
    for table, column, kind in found:
        tables.setdefault(table, {})[column] = kind
        _check(table, column, kind)
    return tables


def measure(con: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> Measured:
    """Scan one published table once.

    Parallel sums of doubles differ in the last bits from run to run, and that is no new
    content: a double enters the row hash in single precision, its column's sum with nine
    digits, both times OFF_GRID. A sum of row hashes, beside their xor, counts a row as
    often as it occurs.
    """
    hashed = {name: kind for name, kind in columns.items() if name not in UNHASHED}
    row = ", ".join(_hashable(name, kind) for name, kind in hashed.items()) or "0"
    summed = [name for name, kind in columns.items() if kind in SUMMED]
    sums = [SUMMED[columns[name]].format(quoted(name)) for name in summed]
    measures = ["count(*)", f"sum(hash({row}))", f"bit_xor(hash({row}))", *sums]
    answer = con.execute(
        f"select {', '.join(measures)} from {PUBLISHED}.{quoted(table)}"
    ).fetchone()
    assert answer is not None  # an aggregate without groups has one row
    rows, total, mixed, *values = answer
    told = [_told(value) for value in values]
    content = json.dumps([list(hashed.items()), rows, str(total), str(mixed), told])
    return Measured(
        columns=columns,
        rows=rows,
        sums=dict(zip(summed, values, strict=True)),
        content_hash=sha256(content.encode()).hexdigest(),
    )


def content_hash(tables: Mapping[str, Measured]) -> str:
    """One hash over all tables: equal means nothing to publish."""
    parts = sorted((name, table.content_hash) for name, table in tables.items())
    return sha256(json.dumps(parts).encode()).hexdigest()


def schema_hash(tables: Mapping[str, Measured]) -> str:
    """One hash over all names and types, load ids included."""
    parts = sorted((name, list(one.columns.items())) for name, one in tables.items())
    return sha256(json.dumps(parts).encode()).hexdigest()


def audit(database: Path, expected: Mapping[str, Measured]) -> str:
    """Reopen a built snapshot and compare it with what the warehouse held.

    Returns: the storage version as the file tells it.
    Raises: PublishRefused with table, column and both values.
    """
    wal = database.with_name(f"{database.name}.wal")
    if wal.exists():
        raise PublishRefused(
            f"{wal.name} is left beside the snapshot ({wal.stat().st_size} bytes)",
            remedy="The checkpoint did not finish: look at the disk and run again.",
        )
    con = duckdb.connect(str(database), read_only=True)
    try:
        version = _storage_version(con)
        found = columns_of(con)
        _compare_tables(expected, found)
        for name, columns in found.items():
            _compare(name, expected[name], measure(con, name, columns))
    finally:
        con.close()
    return version


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _hashable(name: str, kind: str) -> str:
    if kind != "DOUBLE":
        return quoted(name)
    return f"try_cast({quoted(name)} * {OFF_GRID} as float)"


def _told(value: Sum) -> str:
    return f"{value * OFF_GRID:.9g}" if isinstance(value, float) else str(value)


def _check(table: str, column: str, kind: str) -> None:
    if not _TABLE_NAME.fullmatch(table):
        raise PublishRefused(
            f'the name "{table}" is no lower_snake_case word; files are named after it',
            table=table,
            remedy="Rename the model.",
        )
    if kind in ALLOWED:
        return
    family = re.split(r"[ (_\[]", kind, maxsplit=1)[0]
    remedy = _NESTED if kind.endswith("]") else _REMEDIES.get(family, _NESTED)
    raise PublishRefused(
        f"the type {kind} does not reach every reader unharmed",
        table=table,
        column=column,
        expected=sorted(ALLOWED),
        found=kind,
        remedy=f"In the model: {remedy}.",
    )


def _storage_version(con: duckdb.DuckDBPyConnection) -> str:
    answer = con.execute(
        "select tags['storage_version'] from duckdb_databases() "
        "where database_name = current_database()"
    ).fetchone()
    version = str(answer[0]) if answer else "unknown"
    if version.rstrip("+") != STORAGE_VERSION:
        raise PublishRefused(
            f"the storage version is {version}, readers need {STORAGE_VERSION}",
            expected=STORAGE_VERSION,
            found=version,
            remedy="Attach it with storage_version said explicitly.",
        )
    return version


def _compare_tables(
    expected: Mapping[str, Measured], found: Mapping[str, Columns]
) -> None:
    for name in sorted(expected.keys() | found.keys()):
        held = expected[name].columns if name in expected else None
        if held != found.get(name):
            raise PublishRefused(
                f"the columns are {held} in the warehouse and {found.get(name)} in "
                "the snapshot",
                table=name,
                expected=held,
                found=found.get(name),
                remedy=_AGAIN,
            )


def _compare(table: str, held: Measured, found: Measured) -> None:
    def refuse(what: str, column: str | None, one: object, other: object) -> None:
        raise PublishRefused(
            f"{what} is {one} in the warehouse and {other} in the snapshot",
            table=table,
            column=column,
            expected=one,
            found=other,
            remedy=_AGAIN,
        )

    if held.rows != found.rows:
        refuse("the row count", None, held.rows, found.rows)
    for column, value in held.sums.items():
        if not _equal(value, found.sums[column]):
            refuse("the sum", column, value, found.sums[column])
    if held.content_hash != found.content_hash:
        hashes = held.content_hash[:12], found.content_hash[:12]
        refuse("the hash of the rows", None, *hashes)


def _equal(one: Sum, other: Sum) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    return one == other


_AGAIN = (
    "Run again; if it repeats, the view is not deterministic (order every row_number() "
    "by a whole key)."
)
