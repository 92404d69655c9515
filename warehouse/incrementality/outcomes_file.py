"""Outcomes by day and region from a file of one's own, refused by row where it must be.

CSV with a header, or Parquet; columns `date`, `region`, `value`, others are ignored. Every
region has a row on every day, 0 where nothing came: what is missing is not taken for 0.
Not here: estimates (lift.py).
"""

from functools import cache
from pathlib import Path

import duckdb
import numpy as np

from warehouse.incrementality.panel import Panel
from warehouse.lines import FileRefused, lines, refuse

COLUMNS = ("date", "region", "value")
MOST_YEARS = 20  # a longer span is a mistyped year, not a history
SQL = Path(__file__).parent / "sql"


def read_outcomes(path: Path) -> Panel:
    """The panel of a CSV or Parquet file.

    Raises: FileRefused (file, row, value and remedy).
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        lines(con, path, "outcomes", COLUMNS)
        con.execute(_sql("outcomes"))
        _refuse_faults(con, path)
        return _panel(con)


def _refuse_faults(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    refuse(con, path, _sql("faults"))
    first, last = con.execute(
        "select min(outcome_date), max(outcome_date) from outcomes"
    ).fetchall()[0]
    if last.year - first.year > MOST_YEARS:
        raise FileRefused(
            f"{path} spans {first} to {last}, more than {MOST_YEARS} years: check the "
            "years of its dates"
        )
    gap = con.execute(_sql("gaps")).fetchone()
    if gap:
        day, region, count = gap
        more = f" (and {count - 1} more like it)" if count > 1 else ""
        raise FileRefused(
            f"{path}: {region} has no row on {day}{more}: write 0 where nothing came, "
            "or leave out a region that was not measured all the time"
        )


def _panel(con: duckdb.DuckDBPyConnection) -> Panel:
    names = con.execute("select distinct region from outcomes order by region")
    regions = tuple(name for (name,) in names.fetchall())
    found = con.execute("select distinct outcome_date from outcomes order by all")
    days = tuple(day for (day,) in found.fetchall())
    values = con.execute(
        "select value from outcomes order by outcome_date, region"
    ).fetchnumpy()["value"]
    return Panel(
        days=days,
        regions=regions,
        values=np.asarray(values, dtype=np.float64).reshape(len(days), len(regions)),
    )


@cache
def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
