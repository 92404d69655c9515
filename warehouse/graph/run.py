"""Reads the unmapped objects and the catalogue's cuts from the warehouse; writes nothing.

Not here: the rules that left them unmapped (dbt), what is proposed (proposals.py).
"""

from pathlib import Path

import duckdb

from warehouse import db
from warehouse.graph.proposals import Cut, Unmapped

SQL = Path(__file__).parent / "sql"
LIST = ("marts", "mart_unmapped_objects")


class GraphUnread(db.WarehouseError):
    """The warehouse does not hold the video graph yet."""


def unmapped(con: duckdb.DuckDBPyConnection) -> list[Unmapped]:
    """Every object without a video of the catalogue, the dearest and most seen first.

    Raises: GraphUnread where no run has come so far; the remedy is `playhead run`.
    """
    if not db.table_exists(con, *LIST):
        raise GraphUnread(
            f"there is no {'.'.join(LIST)} in the warehouse yet: run `playhead run` first"
        )
    return [Unmapped(*row) for row in con.execute(_sql("unmapped")).fetchall()]


def cuts(con: duckdb.DuckDBPyConnection) -> list[Cut]:
    """Every variant of the catalogue as it was last loaded."""
    return [
        Cut(
            video_id=video,
            variant_id=variant,
            titles=(title, *(each for each in titles if each != title)),
            format=form,
            duration_seconds=seconds,
            days=tuple(day for day in days if day is not None),
            accounts=frozenset((platform, account) for platform, account in accounts),
            channels=frozenset(channels),
        )
        for video, variant, title, titles, form, seconds, days, accounts, channels in (
            con.execute(_sql("cuts")).fetchall()
        )
    ]


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
