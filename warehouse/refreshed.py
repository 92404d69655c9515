"""What every refresh of numerics has in common: all or nothing, and what it reports.

Not here: connections (db.py) and any method.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Refreshed:
    """What a refresh left behind: rows by `schema.table`, and how long it took."""

    rows: dict[str, int]
    seconds: float


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that happens inside, or nothing: a killed process leaves old rows whole."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
