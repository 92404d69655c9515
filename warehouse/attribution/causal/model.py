"""`attribute`: from arrays to credits that are causal as far as a log can tell.

The order of the steps is the order of the package's docstring. Not here: reading files,
printing, tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from warehouse.attribution.causal import lift
from warehouse.attribution.causal.averaged import averaged
from warehouse.attribution.causal.credits import (
    TouchCredits,
    by_channel,
    touch_credits,
)
from warehouse.attribution.causal.doorways import doorways
from warehouse.attribution.causal.exposure import behind
from warehouse.attribution.causal.inputs import (
    Array,
    Bools,
    Inputs,
    LiftTest,
    Options,
    refuse_too_little,
)
from warehouse.attribution.causal.panel import Panel, panel
from warehouse.attribution.causal.scan import scan
from warehouse.attribution.causal.visits import Visits, visit_panel

# the matrices are small: a second thread spends more on waiting than it takes off
one_thread = threadpool_limits.wrap(limits=1, user_api="blas")


@dataclass(frozen=True)
class Causal:
    """Shape: credits (conversions, channels), not_caused and unattributed (conversions,);
    total, low, high (channels,), covariance (channels, channels).

    Units: credits are shares of one conversion: each row of credits, not_caused and
    unattributed sums to 1. Totals are conversions; low and high are their 90 % interval,
    `caused_low` and `caused_high` that of their sum. `touches.touch` counts as the input
    does. `conflicts`: positions of lift tests that the log contradicts.
    """

    credits: Array
    not_caused: Array
    unattributed: Array
    touches: TouchCredits
    total: Array
    low: Array
    high: Array
    covariance: Array
    caused_low: float
    caused_high: float
    doorways: Bools
    form_weight: dict[str, float]
    conflicts: tuple[int, ...]


@dataclass(frozen=True)
class Estimate:
    """A fit before any lift test: one fit serves every set of tests.

    Shape: credits (conversions, channels) with its split to touches, covariance
    (channels, channels), order_free_to_removed (channels,).
    """

    credits: Array
    split: TouchCredits
    covariance: Array
    order_free_to_removed: Array
    touched: Bools
    doorways: Bools
    form_weight: dict[str, float]


def attribute(inputs: Inputs, options: Options | None = None) -> Causal:
    """The fit, then the lift tests. Raises: NotEnoughData, with what is missing."""
    return corrected(estimated(inputs, options), inputs.lift_tests)


@one_thread
def estimated(inputs: Inputs, options: Options | None = None) -> Estimate:
    """Everything but the lift tests. Raises: NotEnoughData."""
    o = options or Options()
    refuse_too_little(inputs)
    at_door = doorways(inputs.channels, inputs.touches, inputs.conversions)
    kept = inputs.touches.where(~at_door)
    rows = panel(inputs, kept, scan(inputs, kept, inputs.touches, o), o)
    return _estimate(inputs, rows, at_door, o)


@one_thread
def estimated_at_visits(
    inputs: Inputs, visits: Visits, options: Options | None = None
) -> Estimate:
    """As `estimated`, for a log that knows browsers (visits.py). Raises: NotEnoughData."""
    o = options or Options()
    refuse_too_little(inputs)
    nowhere = np.zeros(len(inputs.touches), dtype=bool)
    return _estimate(inputs, visit_panel(inputs, inputs.touches, visits, o), nowhere, o)


def _estimate(inputs: Inputs, rows: Panel, at_door: Bools, o: Options) -> Estimate:
    kept = inputs.touches.where(~at_door)
    touched = _touched(inputs, o)
    count = len(inputs.channels.names)
    mean = averaged(rows, count, touched, o)
    counted = np.where(touched[:, None], mean.credits, 0.0)
    split = touch_credits(rows, kept, counted)
    place = np.append(np.flatnonzero(~at_door), -1)  # as the input counts touches
    return Estimate(
        credits=by_channel(counted, rows.column, count),
        split=replace(split, touch=place[split.touch]),
        covariance=mean.covariance,
        order_free_to_removed=mean.order_free_to_removed,
        touched=touched,
        doorways=at_door,
        form_weight=mean.form_weight,
    )


def corrected(estimate: Estimate, tests: Sequence[LiftTest]) -> Causal:
    """Credits, remainder and intervals, moved by what experiments found."""
    credits, split = estimate.credits, estimate.split
    before = credits.sum(axis=0)
    told = lift.calibrated(
        before, estimate.covariance, tests, estimate.order_free_to_removed
    )
    moved = lift.scaled(credits, told.total)
    factor = np.divide(moved, credits, out=np.zeros_like(moved), where=credits > 0)
    total, most = moved.sum(axis=0), float(estimate.touched.sum())
    low, high = lift.interval(told.total, np.diag(told.covariance))
    low, high = np.minimum(low, total), np.maximum(np.minimum(high, most), total)
    caused_low, caused_high = lift.interval(
        told.total.sum(), np.array(told.covariance.sum())
    )
    touched = estimate.touched
    return Causal(
        credits=moved,
        not_caused=np.where(touched, 1 - moved.sum(axis=1), 0.0),
        unattributed=np.where(touched, 0.0, 1.0),
        touches=replace(
            split, credit=split.credit * factor[split.conversion, split.channel]
        ),
        total=total,
        low=low,
        high=high,
        covariance=told.covariance,
        caused_low=min(float(caused_low), float(total.sum())),
        caused_high=max(min(float(caused_high), most), float(total.sum())),
        doorways=estimate.doorways,
        form_weight=estimate.form_weight,
        conflicts=told.conflicts,
    )


def _touched(inputs: Inputs, o: Options) -> Bools:
    """Conversions with a touch in their lookback, the doorway included."""
    made = inputs.conversions
    pairs = behind(inputs.touches, made.person, made.at, o.lookback_days)
    return np.bincount(pairs.row, minlength=len(made)) > 0
