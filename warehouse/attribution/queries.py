"""The SQL of attribution, by name, and the counts that Python needs of it.

All of it reads two views: `attribution_paths` (int_journey__paths and `weight`) and
`attribution_conversions` (int_journey__conversions and `conversions`), whose counts are 1 on
the warehouse and whatever a file of counted paths says.
"""

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.attribution.markov import State, Step
from warehouse.attribution.shapley import SetCount

SQL = Path(__file__).parent / "sql"
BETWEEN = " > "  # the channels of a state, oldest first


class Booked(NamedTuple):
    """What was booked of one conversion type, and the part of it that had a touch."""

    conversion_type: str
    conversions: float
    value_usd: float
    touched_conversions: float
    touched_value_usd: float


@cache
def sql(name: str) -> str:
    """Text of a file below sql/."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def booked(con: duckdb.DuckDBPyConnection) -> list[Booked]:
    return [Booked(*row) for row in con.execute(sql("booked")).fetchall()]


def channels(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every channel ever touched."""
    rows = con.execute("select distinct channel from attribution_paths").fetchall()
    return [str(row[0]) for row in rows]


def transitions(order: int) -> str:
    """SQL that counts the steps of a chain remembering `order` channels."""
    earlier = [
        f"lag(channel, {back}) over (\n"
        "            partition by conversion_type, path_id, is_converted\n"
        "            order by position\n        )"
        for back in range(order - 1, 0, -1)
    ]
    state = f"concat_ws('{BETWEEN}', {', '.join([*earlier, 'channel'])})"
    return sql("transitions").format(order=order, state=state)


def steps(con: duckdb.DuckDBPyConnection, order: int) -> Mapping[str, list[Step]]:
    """Conversion type -> counted steps."""
    rows = con.execute(transitions(order)).fetchall()
    return {
        kind: [Step(_state(row[1]), _state(row[2]), *row[3:]) for row in group]
        for kind, group in groupby(rows, key=lambda row: str(row[0]))
    }


def sets(con: duckdb.DuckDBPyConnection) -> Mapping[str, list[SetCount]]:
    """Conversion type -> counted sets of channels."""
    rows = con.execute(sql("sets")).fetchall()
    return {
        kind: [SetCount(frozenset(row[1]), *row[2:]) for row in group]
        for kind, group in groupby(rows, key=lambda row: str(row[0]))
    }


def _state(text: str | None) -> State | None:
    return None if text is None else tuple(text.split(BETWEEN))
