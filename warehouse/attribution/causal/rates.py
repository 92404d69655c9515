"""How many touches anybody would have had that day, whatever they wanted: E[c, person, day].

Iterative scaling of a table (day, kind of person, visited lately) to what was counted by
day, for bought media also by region and week. A category, or a visit in the last 14 days,
enters only as eligibility: where its levels lie more than five times apart. Not here: what
people want (intent.py). Source: Deming and Stephan 1940.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.causal.inputs import Array, Bools, Inputs, Ints, Touches

RECENT_DAYS = 14
WEEK_DAYS = 7
ELIGIBLE_RATIO = 5.0
ROUNDS = 3
SMOOTHING = 0.5
LEAST_EXPECTED = 5.0  # touches a level must promise before its rate means anything
BLOCK = 16_384  # people at once


@dataclass(frozen=True)
class Grid:
    """Where a person-day lies: kinds of people, and touches sorted by person.

    Shape: kind (people,), begins (people + 1,) into the touches.
    """

    days: int
    kind: Ints
    kinds: int
    begins: Ints

    def blocks(self) -> list[tuple[int, int]]:
        people = len(self.kind)
        return [(lo, min(lo + BLOCK, people)) for lo in range(0, people, BLOCK)]


@dataclass(frozen=True)
class Rates:
    """Shape: table (days, kinds x 2, channels): expected touches of a person-day.

    The second index is kind x 2 + visited lately.
    """

    table: Array


def grid(inputs: Inputs, touches: Touches, eligible: list[int]) -> Grid:
    """Kinds are combinations of region and the categories that decide eligibility."""
    people = inputs.people
    columns = [people.region, *(people.categories[:, m] for m in eligible)]
    _, kind = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    kind = kind.reshape(-1).astype(np.int64)
    begins = np.searchsorted(touches.person, np.arange(len(people) + 1))
    return Grid(inputs.days, kind, int(kind.max(initial=0)) + 1, begins)


def visited_lately(
    inputs: Inputs, touches: Touches, begins: Ints, lo: int, hi: int
) -> Bools:
    """Shape: (hi - lo, days): a navigational touch on one of the 14 days before."""
    part = slice(begins[lo], begins[hi])
    nav = inputs.channels.navigational[touches.channel[part]]
    visits = np.zeros((hi - lo, inputs.days + 1), dtype=np.int32)
    visits[touches.person[part][nav] - lo, touches.at[part][nav].astype(int) + 1] = 1
    so_far = visits.cumsum(axis=1)[:, :-1]  # up to the day before
    earlier = np.zeros_like(so_far)
    earlier[:, RECENT_DAYS:] = so_far[:, : max(inputs.days - RECENT_DAYS, 0)]
    return so_far > earlier


def eligible_categories(inputs: Inputs, touches: Touches) -> list[int]:
    """Categories whose levels, for some channel, lie more than five times apart."""
    weight, count = inputs.people.weight, len(inputs.channels.names)
    found = []
    for m in range(inputs.people.categories.shape[1]):
        level = inputs.people.categories[:, m]
        held = np.bincount(level, weight)
        counted = np.bincount(
            level[touches.person] * count + touches.channel,
            weight[touches.person],
            held.size * count,
        ).reshape(held.size, count)
        if any(_is_eligibility(counted[:, c], held) for c in range(count)):
            found.append(m)
    return found


def _is_eligibility(counted: NDArray, held: NDArray) -> bool:
    total = float(held.sum())
    if total <= 0 or counted.sum() <= 0:
        return False
    told = held * (counted.sum() / total) >= LEAST_EXPECTED
    if told.sum() < 2:
        return False
    rates = (counted[told] + SMOOTHING) / held[told]
    return bool(rates.max() > ELIGIBLE_RATIO * rates.min())


def expected(
    inputs: Inputs, touches: Touches, where: Grid, lately: list[Bools]
) -> Rates:
    """Shape: lately, one (block, days) per block of `where`.

    Units: touches per person-day; counts are weighted.
    """
    days, cells, count = where.days, where.kinds * 2, len(inputs.channels.names)
    held = np.zeros((days, cells))
    counted = np.zeros((days, cells, count))
    weight = inputs.people.weight
    for (lo, hi), recent in zip(where.blocks(), lately, strict=True):
        for day in range(days):
            cell = where.kind[lo:hi] * 2 + recent[:, day]
            held[day] += np.bincount(cell, weight[lo:hi], cells)
        part = slice(where.begins[lo], where.begins[hi])
        person, day_of = touches.person[part], touches.at[part].astype(int)
        cell = where.kind[person] * 2 + recent[person - lo, day_of]
        counted += np.bincount(
            (day_of * cells + cell) * count + touches.channel[part],
            weight[person],
            counted.size,
        ).reshape(counted.shape)
    region_of_kind = np.zeros(where.kinds, dtype=int)
    region_of_kind[where.kind] = inputs.people.region
    return Rates(_scaled(inputs, where, held, counted, np.repeat(region_of_kind, 2)))


def _scaled(
    inputs: Inputs, where: Grid, held: Array, counted: Array, region: Ints
) -> Array:
    """Iterative scaling of every channel's table to its own margins."""
    days, cells, count = counted.shape
    day = np.repeat(np.arange(days), cells)
    by_week = (day // WEEK_DAYS) * (region.max(initial=0) + 1) + np.tile(region, days)
    by_visit = np.tile(np.arange(cells) % 2, days)
    by_kind = np.tile(np.arange(cells) // 2, days)
    mass = held.reshape(-1)
    table = np.zeros((days * cells, count))
    for c in range(count):
        seen = counted[:, :, c].reshape(-1)
        margins = [day]
        if inputs.channels.bought[c]:
            margins.append(by_week)
        for levels in (by_visit, by_kind):
            sums = [np.bincount(levels, values) for values in (seen, mass)]
            if levels.max(initial=0) and _is_eligibility(*sums):
                margins.append(levels)
        rate = np.full(days * cells, seen.sum() / max(float(mass.sum()), 1e-300))
        for _ in range(ROUNDS):
            for levels in margins:
                have = np.bincount(levels, rate * mass) + SMOOTHING
                rate *= ((np.bincount(levels, seen) + SMOOTHING) / have)[levels]
        table[:, c] = rate
    return table.reshape(days, cells, count)


def per_person(where: Grid, rates: Rates, lately: list[Bools]) -> Array:
    """Expected touches of each person over the window. Shape: (people, channels)."""
    totals = np.zeros((len(where.kind), rates.table.shape[2]))
    for (lo, hi), recent in zip(where.blocks(), lately, strict=True):
        for day in range(where.days):
            cell = where.kind[lo:hi] * 2 + recent[:, day]
            totals[lo:hi] += rates.table[day].take(cell, axis=0)
    return totals
