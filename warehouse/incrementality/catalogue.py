"""Hold-outs that the team keeps in its catalogue, read again with every night's counts.

Not here: the estimate (holdout.py), tests by region (`playhead lift`).
"""

from datetime import date
from pathlib import Path

import duckdb

from warehouse.incrementality.holdout import Arms, read_holdout
from warehouse.incrementality.panel import LiftRefused
from warehouse.incrementality.store import store_holdout
from warehouse.incrementality.tables import About

SQL = Path(__file__).parent / "sql" / "holdouts.sql"


def refresh(con: duckdb.DuckDBPyConnection, *, as_of: date) -> dict[str, str]:
    """Store every hold-out that has counts. Returns why others were not read, by name."""
    unread: dict[str, str] = {}
    for test_id, name, channel, first, last, *counts in con.execute(
        SQL.read_text(encoding="utf-8")
    ).fetchall():
        try:
            store_holdout(
                con,
                read_holdout(Arms(*counts)),
                About(channel, name, as_of),
                test_id=test_id,
                first=first,
                last=last or as_of,
            )
        except LiftRefused as error:
            unread[test_id] = str(error)
    return unread
