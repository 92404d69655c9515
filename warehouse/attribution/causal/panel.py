"""The panel: every conversion, and a sample of all other person-days, with their columns.

A sampled row gets a time of day drawn from the conversions', so that both kinds look back
from the same hours. Not here: hazards over the panel (hazards.py).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal import exposure
from warehouse.attribution.causal.exposure import Pairs, saturated
from warehouse.attribution.causal.index import dummies, standardised
from warehouse.attribution.causal.inputs import (
    Array,
    Inputs,
    Ints,
    Options,
    Touches,
)
from warehouse.attribution.causal.intent import Known
from warehouse.attribution.causal.moment import known_at
from warehouse.attribution.causal.rates import WEEK_DAYS
from warehouse.attribution.causal.scan import (
    FLIGHT_HALF_LIFE,
    Scanned,
    flight_cell,
)

RIDGE = 1.0
FLIGHT_RIDGE = 30.0
FREE = 1e-6
MOST_CELLS = 600


@dataclass(frozen=True)
class Panel:
    """Shape: rows are conversions (first `converted` of them), then sampled person-days.

    baseline (rows, k) with ridge (k,); exposed (rows, q) saturated, raw (conversions, q)
    not; `cell` (rows,) is a region's week, -1 for none; `column` names the channel and
    `half_life` of each of the q; `unlogged` (conversions, q) is the part of raw that no touch
    stands for.
    """

    converted: int
    person: Ints
    at: Array
    weight: Array
    baseline: Array
    ridge: Array
    cell: Ints
    exposed: Array
    column: Ints
    half_life: Array
    raw: Array
    unlogged: Array
    pairs: Pairs


def panel(inputs: Inputs, touches: Touches, scanned: Scanned, o: Options) -> Panel:
    """Rows, baseline covariates with their ridge, exposures."""
    random = np.random.default_rng([o.seed, 2])
    person, at, weight = _rows(inputs, o, random)
    done = len(inputs.conversions)
    pairs = exposure.behind(touches, person, at, o.lookback_days)
    credited = np.flatnonzero(~inputs.channels.null)
    hidden = {each.channel: each for each in scanned.unlogged}
    logged, unlogged, column, lives = [], [], [], []
    for life in o.half_lives:
        seen = exposure.decayed(inputs, touches, pairs, len(person), life)
        for c in credited.tolist():
            logged.append(seen[:, c])
            column.append(c)
            lives.append(life)
            unlogged.append(
                exposure.decayed_unlogged(
                    hidden[c].daily, person, at, life, o.lookback_days
                )
                if c in hidden
                else np.zeros(len(person))
            )
    missed = np.column_stack(unlogged)
    raw = np.column_stack(logged) + missed
    flights = _flights(inputs, touches, scanned, pairs, person, at, o)
    known = known_at(scanned, touches, pairs, person, at)
    baseline, ridge = _baseline(inputs, scanned, known, person, at, weight, flights)
    is_conversion = pairs.row < done
    return Panel(
        converted=done,
        person=person,
        at=at,
        weight=weight,
        baseline=baseline,
        ridge=ridge,
        cell=_cells(inputs, person, at),
        exposed=saturated(raw),
        column=np.array(column),
        half_life=np.array(lives),
        raw=raw[:done],
        unlogged=missed[:done],
        pairs=Pairs(
            pairs.row[is_conversion],
            pairs.touch[is_conversion],
            pairs.age[is_conversion],
        ),
    )


def _rows(
    inputs: Inputs, o: Options, random: np.random.Generator
) -> tuple[Ints, Array, Array]:
    made, first = inputs.conversions, inputs.first_day
    days = inputs.days - first
    cells = len(inputs.people) * days
    taken = np.unique(made.person * days + made.at.astype(np.int64) - first)
    size = min(o.panel_rows, cells)
    drawn = np.sort(random.choice(cells, size, replace=False, shuffle=False))
    drawn = drawn[~np.isin(drawn, taken)]
    of_day = random.choice(made.at % 1.0, drawn.size)
    person = np.concatenate([made.person, drawn // days])
    at = np.concatenate([made.at, first + drawn % days + of_day])
    share = inputs.people.weight[drawn // days]
    share = share * (cells - taken.size) / max(drawn.size, 1)
    return person, at, np.concatenate([np.ones(len(made)), share])


def _flights(
    inputs: Inputs,
    touches: Touches,
    scanned: Scanned,
    pairs: Pairs,
    person: Ints,
    at: Array,
    o: Options,
) -> Array:
    """Control function of bought media: exposure beyond what everybody there had."""
    if not scanned.bought.size:
        return np.zeros((len(person), 0))
    seen = exposure.decayed(inputs, touches, pairs, len(person), FLIGHT_HALF_LIFE)
    for hidden in scanned.unlogged:
        seen[:, hidden.channel] += exposure.decayed_unlogged(
            hidden.daily, person, at, FLIGHT_HALF_LIFE, o.lookback_days
        )
    a = saturated(seen[:, scanned.bought])
    region = inputs.people.region[person]
    own = a - scanned.flight_means[flight_cell(inputs, region, at.astype(np.int64))]
    return np.column_stack([own, own * a])


def _cells(inputs: Inputs, person: Ints, at: Array) -> Ints:
    """Weeks of each region, from 0; the smallest regions are one where there are too many."""
    region, week = inputs.people.region, at.astype(np.int64) // WEEK_DAYS
    week = week - week.min()
    weeks = int(week.max()) + 1
    size = np.bincount(region, inputs.people.weight)
    place = np.empty(len(size), dtype=np.int64)
    place[np.argsort(-size, kind="stable")] = np.arange(len(size))
    place = np.minimum(place, max(MOST_CELLS // weeks, 1) - 1)
    if place.max() == 0:  # the week's own column tells as much
        return np.full(len(person), -1)
    return place[region[person]] * weeks + week


def _baseline(
    inputs: Inputs,
    scanned: Scanned,
    known: Known,
    person: Ints,
    at: Array,
    weight: Array,
    flights: Array,
) -> tuple[Array, Array]:
    day = at.astype(np.int64)
    s = scanned.index[person]
    m, q = known.mean, known.variance
    categories = inputs.people.categories[person]
    parts: list[Array] = [
        np.column_stack([s, s**2, m, m**2, q, m * q]),
        dummies(day // WEEK_DAYS),
        dummies(inputs.people.region[person]),
        *(dummies(categories[:, k]) for k in range(categories.shape[1])),
        flights,
    ]
    columns = np.column_stack(parts)
    ridge = np.full(columns.shape[1] + 1, RIDGE)
    ridge[columns.shape[1] - flights.shape[1] + 1 :] = FLIGHT_RIDGE
    ridge[0] = FREE
    scaled = standardised(columns, weight)
    return np.column_stack([np.ones(len(person)), scaled]), ridge
