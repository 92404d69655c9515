"""Channel rows of the methods that see all paths at once: Markov chains and the set game.

Not here: the methods (markov.py, shapley.py), the counting (queries.py), any table.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.attribution import markov, queries, shapley
from warehouse.attribution.queries import Booked, Tally

UNATTRIBUTED = "unattributed"
ORDERS = (1, 2, 3)
MOST_CELLS = 20_000_000  # states x channels: a chain's sweeps stay within seconds
NINETY = 1.645  # standard errors to the 5th and the 95th per cent
PATHS, COMPANY = "paths", "D"  # what methods that count company rest on, and its grade

Array = NDArray[np.float64]
NOTHING = markov.Credit((), *[np.zeros(0)] * 4)


class ChannelRow(NamedTuple):
    """One row of `analysis.attribution_channels`; no interval where nothing was drawn.

    `evidence` says what the figure rests on, `evidence_grade` what it may claim: A caused,
    B very likely caused, D goes along with.
    """

    method: str
    conversion_type: str
    channel: str
    conversions: float
    value_usd: float
    share: float | None
    conversions_p05: float | None = None
    conversions_p95: float | None = None
    evidence: str | None = PATHS
    evidence_grade: str | None = COMPANY


def orders(channels: int) -> tuple[int, ...]:
    """Chains that can be solved: a chain of order k has up to channels^k states."""
    return tuple(k for k in ORDERS if k == 1 or channels ** (k + 1) <= MOST_CELLS)


def memory(channels: int) -> int:
    """Channels before a touch that the longest of these chains remembers."""
    return max(orders(channels))


def left_out(channels: int) -> list[str]:
    """What to say of chains that cannot be solved."""
    names = [f"markov_{k}" for k in ORDERS if k not in orders(channels)]
    return [
        f"{name} is left out, {channels} channels make too many states: "
        "count fewer channels to have it"
        for name in names
    ]


def rows(con: duckdb.DuckDBPyConnection, memory: int, tally: Tally) -> list[ChannelRow]:
    """Every channel ever touched, for each method and conversion type.

    `memory` and `tally` are those of `attribution_steps` (queries.py).
    """
    known = queries.channels(con)
    dues = queries.booked(con)
    found: list[ChannelRow] = []
    counted = queries.runs(con, memory, tally)
    for order in range(1, memory + 1):
        for due in dues:
            runs = counted.get(due.conversion_type)
            made = markov.credit(markov.chain(runs, order=order)) if runs else NOTHING
            found += _rows(f"markov_{order}", due, known, made)
    sets = queries.sets(con)
    for due in dues:
        game = shapley.credit(sets.get(due.conversion_type, []))
        errors = dict(zip(game.channels, game.conversions_se.tolist(), strict=True))
        found += [
            _drawn(row, errors.get(row.channel, 0.0))
            for row in _rows("shapley_set", due, known, game)
        ]
    return sorted(found, key=lambda row: row[:3])


def _rows(
    method: str,
    due: Booked,
    known: Sequence[str],
    credit: markov.Credit | shapley.Credit,
) -> Iterator[ChannelRow]:
    conversions: dict[str, float] = dict.fromkeys([*known, UNATTRIBUTED], 0.0)
    value = dict(conversions)
    conversions |= dict(zip(credit.channels, credit.conversions.tolist(), strict=True))
    value |= dict(zip(credit.channels, credit.value.tolist(), strict=True))
    # what nobody touched, and all of it where no channel can be shown to have moved any
    conversions[UNATTRIBUTED] += due.conversions
    if credit.conversions.any():
        conversions[UNATTRIBUTED] -= due.touched_conversions
    value[UNATTRIBUTED] += due.value_usd
    if credit.value.any():
        value[UNATTRIBUTED] -= due.touched_value_usd
    for channel in conversions:
        yield ChannelRow(
            method=method,
            conversion_type=due.conversion_type,
            channel=channel,
            conversions=conversions[channel],
            value_usd=value[channel],
            share=conversions[channel] / due.conversions if due.conversions else None,
        )


def _drawn(row: ChannelRow, error: float) -> ChannelRow:
    """With its interval, where the credit was drawn and not counted out."""
    if error == 0:
        return row
    return row._replace(
        conversions_p05=max(0.0, row.conversions - NINETY * error),
        conversions_p95=row.conversions + NINETY * error,
    )
