"""The SQL of attribution, by name, and the counts that Python needs of it.

All of it reads `attribution_paths` (int_journey__paths and `weight`, 1 on the warehouse),
`attribution_conversions` (int_journey__conversions, `conversions`, whether any `is_touched`) and
`attribution_known_channels`. Chains read `attribution_steps` (steps.sql), `attribution_ends` and
`attribution_won` (won.sql), with as many channels before a touch as are to be remembered.
"""

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.attribution.markov import NOWHERE, Runs
from warehouse.attribution.shapley import SetCount

SQL = Path(__file__).parent / "sql"


class Tally(NamedTuple):
    """SQL that counts paths by what sums up alike on any number of threads.

    `typed`: paths name their conversion type. Grouping by it where there is one only is dear.
    """

    paths: str
    typed: bool = False


ONES = Tally("count(*)")
WHOLE = Tally("sum(weight)")
FRACTIONS = Tally("sum(cast(weight as decimal(38, 12)))")
TYPED = Tally("sum(weight)", typed=True)


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
    found = "select cast(channel as varchar) from attribution_known_channels order by 1"
    return [str(name) for (name,) in con.execute(found).fetchall()]


def before(memory: int) -> list[str]:
    """Columns of the channels before a touch, the oldest first."""
    return [f"channel_before_{back}" for back in range(memory, 0, -1)]


def steps(memory: int) -> str:
    """SQL of `attribution_steps`, from positions."""
    lags = (
        f"lag(channel, {back}) over (\n"
        "        partition by conversion_type, path_id, is_converted\n"
        f"        order by position\n    ) as channel_before_{back}"
        for back in range(memory, 0, -1)
    )
    return sql("steps").format(memory=memory, lags=",\n    ".join(lags))


def ends(memory: int) -> str:
    """SQL: the channels before the end of a path, as its last touch tells them."""
    columns = before(memory)
    return ",\n    ".join(
        f"{now} as {then}"
        for now, then in zip([*columns[1:], "channel"], columns, strict=True)
    )


def counted(memory: int, tally: Tally = TYPED) -> str:
    """SQL that counts the runs of `memory` channels and the one they lead to."""
    return sql("runs").format(
        before=", ".join(before(memory)),
        kind="conversion_type" if tally.typed else "(select * from types)",
        by="conversion_type, " if tally.typed else "",
        paths=tally.paths,
    )


def runs(
    con: duckdb.DuckDBPyConnection, memory: int, tally: Tally = TYPED
) -> Mapping[str, Runs]:
    """Conversion type -> counted runs, also of the paths that name no type."""
    found = con.execute(counted(memory, tally)).to_arrow_table()
    kinds, column = pc.unique(found["conversion_type"]), pc.field("conversion_type")
    return {
        kind: _runs(found.filter((column == kind) | column.is_null()), memory)
        for kind in kinds.drop_null().to_pylist()
    }


def _runs(rows: pa.Table, memory: int) -> Runs:
    texts = [rows[c].cast(pa.string()) for c in (*before(memory), "channel")]
    names = sorted({n for text in texts for n in text.unique().to_pylist() if n})
    known = pa.array(names, pa.string())
    places = [pc.fill_null(pc.index_in(text, known), NOWHERE) for text in texts]
    figures = [rows[c].to_numpy() for c in ("paths", "conversions", "value_usd")]
    return Runs(
        tuple(names),
        np.column_stack([each.to_numpy().astype(np.int64) for each in places]),
        *figures,
    )


def sets(con: duckdb.DuckDBPyConnection) -> Mapping[str, list[SetCount]]:
    """Conversion type -> counted sets of channels."""
    rows = con.execute(sql("sets")).fetchall()
    return {
        kind: [SetCount(frozenset(row[1]), *row[2:]) for row in group]
        for kind, group in groupby(rows, key=lambda row: str(row[0]))
    }
