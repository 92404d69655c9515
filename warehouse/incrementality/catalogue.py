"""Hold-outs that the team keeps in its catalogue, read again with every night's counts.

What the catalogue no longer says is forgotten. Not here: the estimate (holdout.py), tests by
region (`playhead lift`).
"""

from datetime import date
from pathlib import Path

import duckdb

from warehouse.incrementality.holdout import Arms, read_holdout
from warehouse.incrementality.panel import LiftRefused
from warehouse.incrementality.store import store_holdouts
from warehouse.incrementality.tables import About, holdout_rows

SQL = Path(__file__).parent / "sql" / "holdouts.sql"


def refresh(con: duckdb.DuckDBPyConnection, *, as_of: date) -> dict[str, str]:
    """Store every hold-out that has counts. Returns why others are not used, by name."""
    unused: dict[str, str] = {}
    told: list[dict[str, object]] = []
    for test_id, name, channel, first, last, *counts in con.execute(
        SQL.read_text(encoding="utf-8")
    ).fetchall():
        try:
            found = read_holdout(Arms(*counts))
        except LiftRefused as error:
            unused[test_id] = str(error)
            continue
        about = About(channel, name, as_of)
        told += holdout_rows(
            found, about, test_id=test_id, first=first, last=last or as_of
        )
        if not found.is_sound:
            unused[test_id] = (
                "a fair lot hardly draws arms of these sizes "
                f"(p = {found.p_sample_ratio:.1g}): look at how people were drawn"
            )
    store_holdouts(con, told)
    return unused
