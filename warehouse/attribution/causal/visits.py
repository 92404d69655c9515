"""The panel of a log of browsers: visits that ended in a conversion beside visits that did not.

A person becomes known by converting, and with that all their devices; whoever does not stays
a handful of short-lived cookies. Compared by person and day, converters would seem to have met
more of everything. Here both are looked at alike: one browser, at the moment of a visit, with
what this browser met until half an hour before. Who wants to come comes in both groups; what
a channel adds is what converting visits have behind them more often. What is met in the very
visit of the conversion counts for nothing: it can't be told from the wish that led there.
Not here: people whose every day is known (panel.py).
Source: Jackson and Nelson 2013, "The test-negative design for estimating influenza vaccine
effectiveness", where patients who came for the same reason are each other's controls.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal import exposure
from warehouse.attribution.causal.doorways import DOORWAY_DAYS
from warehouse.attribution.causal.exposure import Pairs, saturated
from warehouse.attribution.causal.index import dummies, standardised
from warehouse.attribution.causal.inputs import Array, Inputs, Ints, Options, Touches
from warehouse.attribution.causal.panel import FREE, RIDGE, Panel
from warehouse.attribution.causal.rates import WEEK_DAYS

KNOWN_FOR_DAYS = (DOORWAY_DAYS, 1.0, 7.0, 30.0)  # edges of how long a browser is known


@dataclass(frozen=True)
class Visits:
    """Moments to compare; those of the inputs' conversions come first, in their order.

    Shape: all (visits,). `channel` of the visit itself; `known_for` days since the browser
    was first seen; `weight` is 1 / share kept of visits like this one.
    """

    browser: Ints
    at: Array
    channel: Ints
    known_for: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.at)


def visit_panel(inputs: Inputs, touches: Touches, visits: Visits, o: Options) -> Panel:
    """One row per visit. Touches are those of browsers, and `person` counts browsers."""
    until = visits.at - DOORWAY_DAYS
    pairs = exposure.behind(touches, visits.browser, until, o.lookback_days)
    by_life = {
        life: exposure.decayed(inputs, touches, pairs, len(visits), life)
        for life in o.half_lives
    }
    null = inputs.channels.null
    columns = [
        (c, life) for life in o.half_lives for c in np.flatnonzero(~null).tolist()
    ]
    raw = np.column_stack([by_life[life][:, c] for c, life in columns])
    signals = [saturated(by_life[life][:, null]) for life in o.half_lives]
    baseline, ridge = _baseline(visits, signals)
    done = len(inputs.conversions)
    of_conversion = pairs.row < done
    return Panel(
        converted=done,
        person=visits.browser,
        at=visits.at,
        weight=visits.weight,
        baseline=baseline,
        ridge=ridge,
        cell=np.full(len(visits), -1),
        exposed=saturated(raw),
        column=np.array([c for c, _ in columns]),
        half_life=np.array([life for _, life in columns]),
        raw=raw[:done],
        unlogged=np.zeros((done, len(columns))),
        pairs=Pairs(
            pairs.row[of_conversion],
            pairs.touch[of_conversion],
            pairs.age[of_conversion],
        ),
    )


def _baseline(visits: Visits, signals: list[Array]) -> tuple[Array, Array]:
    """The week, how the visit came about, how long the browser is known, and what the
    null channels tell of its wish to come. Shape: (visits, k), (k,)."""
    week = visits.at.astype(np.int64) // WEEK_DAYS
    parts = [
        dummies(week - week.min()),
        dummies(visits.channel),
        dummies(np.searchsorted(KNOWN_FOR_DAYS, visits.known_for, side="right")),
        *signals,
    ]
    scaled = standardised(np.column_stack(parts), visits.weight)
    ridge = np.full(scaled.shape[1] + 1, RIDGE)
    ridge[0] = FREE
    return np.column_stack([np.ones(len(visits)), scaled]), ridge
