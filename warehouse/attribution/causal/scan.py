"""One pass over all person-days, block by block: intent, unlogged dose, means of flights.

Everything that needs every person-day happens here, so that memory stays that of one block
and a few columns. Not here: the filter itself (intent.py), rows of the panel (panel.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal import index as covariates
from warehouse.attribution.causal import intent, rates
from warehouse.attribution.causal.exposure import Unlogged, saturated
from warehouse.attribution.causal.inputs import (
    Array,
    Block,
    Bools,
    Inputs,
    Ints,
    Options,
    Touches,
)
from warehouse.attribution.causal.intent import Intent
from warehouse.attribution.causal.rates import Grid, Rates

FLIGHT_HALF_LIFE = 5.0
FLIGHT_DAYS = 3


@dataclass(frozen=True)
class Scanned:
    """What the panel asks of a person-day.

    Shape: index (people,), mean and variance (people, days), flight_means (cells, bought):
    the mean exposure of a bought channel by region and three days; kind (people,) and
    recent (people, days) say which cell of `rates` a person-day lies in.
    """

    model: Intent
    index: Array
    mean: Block
    variance: Block
    unlogged: tuple[Unlogged, ...]
    bought: Ints
    flight_means: Array
    rates: Rates
    kind: Ints
    recent: Bools

    def expected(self, person: Ints, day: Ints) -> Array:
        """Expected touches of whole days. Shape: (rows, channels)."""
        return self.rates.table[day, self.kind[person] * 2 + self.recent[person, day]]


def flight_cell(inputs: Inputs, region: Ints, day: Ints | int) -> Ints:
    return region * (inputs.days // FLIGHT_DAYS + 1) + day // FLIGHT_DAYS


def scan(inputs: Inputs, touches: Touches, all_touches: Touches, o: Options) -> Scanned:
    """`all_touches` hold the doorways too: a visit is a visit, whoever caused it."""
    eligible = rates.eligible_categories(inputs, touches)
    where = rates.grid(inputs, touches, eligible)
    begins = np.searchsorted(all_touches.person, np.arange(len(inputs.people) + 1))
    lately = [
        rates.visited_lately(inputs, all_touches, begins, lo, hi)
        for lo, hi in where.blocks()
    ]
    table = rates.expected(inputs, touches, where, lately)
    s = covariates.covariate_index(inputs.people, inputs.conversions)
    count = len(inputs.channels.names)
    counted: Array = np.bincount(
        touches.person * count + touches.channel, minlength=len(s) * count
    ).astype(np.float64)
    loading = covariates.loadings(
        s,
        counted.reshape(len(s), count),
        rates.per_person(where, table, lately),
        inputs.people.weight,
    )
    model = _fitted(inputs, touches, where, table, lately, s, loading, o)
    return _filtered(inputs, touches, where, table, lately, s, model)


def _fitted(
    inputs: Inputs,
    touches: Touches,
    where: Grid,
    table: Rates,
    lately: list[Bools],
    s: Array,
    loading: Array,
    o: Options,
) -> Intent:
    """The filter's parameters from people drawn by weight."""
    random = np.random.default_rng([o.seed, 1])
    weight = inputs.people.weight
    who = random.choice(
        len(s), min(o.filter_people, len(s)), p=weight / weight.sum(), replace=True
    )
    recent = np.concatenate(lately)[who]
    expected = np.stack(
        [
            table.table[day].take(where.kind[who] * 2 + recent[:, day], axis=0)
            for day in range(where.days)
        ]
    )
    counts = np.zeros(expected.shape)
    lengths = where.begins[who + 1] - where.begins[who]
    row = np.repeat(np.arange(len(who)), lengths)
    touch = np.arange(lengths.sum()) - np.repeat(lengths.cumsum() - lengths, lengths)
    touch += where.begins[who][row]
    np.add.at(counts, (touches.at[touch].astype(int), row, touches.channel[touch]), 1.0)
    return intent.fitted(loading, s[who], counts, expected)


def _filtered(
    inputs: Inputs,
    touches: Touches,
    where: Grid,
    table: Rates,
    lately: list[Bools],
    s: Array,
    model: Intent,
) -> Scanned:
    people, days = len(s), where.days
    mean = np.empty((people, days), dtype=np.float32)
    variance = np.empty_like(mean)
    missing = 1 / inputs.coverage - 1
    hidden = np.flatnonzero((missing > 0) & ~inputs.channels.null)
    daily = {int(c): np.empty((people, days), dtype=np.float32) for c in hidden}
    bought = np.flatnonzero(inputs.channels.bought & ~inputs.channels.null)
    region = inputs.people.region
    cells = int(flight_cell(inputs, region, days).max()) + 1
    sums, held = np.zeros((cells, bought.size)), np.zeros(cells)
    keep = 2 ** (-1 / FLIGHT_HALF_LIFE)
    for (lo, hi), recent in zip(where.blocks(), lately, strict=True):
        exposure = np.zeros((hi - lo, bought.size))
        days_of = list(_days(inputs, touches, where, table, recent, lo, hi))
        passing = intent.known_each_day(model, s[lo:hi], iter(days_of))
        for day, (known, _) in enumerate(passing):
            mean[lo:hi, day], variance[lo:hi, day] = known.mean, known.variance
            counts, expected = days_of[day]
            if hidden.size:
                dose = intent.expected_dose(model, known, expected) * missing
                for c, column in daily.items():
                    column[lo:hi, day] = dose[:, c]
            if bought.size:
                exposure = exposure * keep + counts[:, bought]
                if hidden.size:
                    exposure += dose[:, bought]
                cell = flight_cell(inputs, region[lo:hi], day)
                weight = inputs.people.weight[lo:hi]
                held += np.bincount(cell, weight, cells)
                for b in range(bought.size):
                    sums[:, b] += np.bincount(
                        cell, weight * saturated(exposure[:, b]), cells
                    )
    return Scanned(
        model=model,
        index=s,
        mean=mean,
        variance=variance,
        unlogged=tuple(Unlogged(c, column) for c, column in daily.items()),
        bought=bought,
        flight_means=sums / np.maximum(held, 1e-12)[:, None],
        rates=table,
        kind=where.kind,
        recent=np.concatenate(lately),
    )


def _days(
    inputs: Inputs,
    touches: Touches,
    where: Grid,
    table: Rates,
    recent: Bools,
    lo: int,
    hi: int,
) -> Iterator[tuple[Array, Array]]:
    """Counts and expected touches of a block, day by day. Shape: (block, channels)."""
    count = len(inputs.channels.names)
    part = slice(where.begins[lo], where.begins[hi])
    day_of = touches.at[part].astype(int)
    order = np.argsort(day_of, kind="stable")
    ends = np.searchsorted(day_of[order], np.arange(where.days + 1))
    flat = (touches.person[part] - lo) * count + touches.channel[part]
    for day in range(where.days):
        today = flat[order[ends[day] : ends[day + 1]]]
        counts = np.bincount(today, minlength=(hi - lo) * count).astype(np.float64)
        cell = where.kind[lo:hi] * 2 + recent[:, day]
        yield counts.reshape(hi - lo, count), table.table[day].take(cell, axis=0)
