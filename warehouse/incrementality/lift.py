"""What a test by region brought: lift, interval and placebo p of three estimators.

The standard error is the larger of two: how far the same estimator errs in other regions on
the days of the test, and in the treated regions on earlier days. Pure and deterministic.
Not here: reading files (outcomes_file.py), storing (store.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import special

from warehouse.incrementality.grade import Grade, grade, is_sound
from warehouse.incrementality.panel import Panel, Setup, setup
from warehouse.incrementality.placebo import Placebos, p_time, placebos
from warehouse.incrementality.weights import ESTIMATORS, Gap, gap

SEED = 20_260_301  # of the draws of placebo regions: the same test, the same figures
COVER = 0.90
ROUNDING = 1e-6  # a gap below it is arithmetic, not a finding
Z = float(special.ndtri(0.5 + COVER / 2))


@dataclass(frozen=True)
class Lift:
    """One estimator's reading of a test.

    Units: `lift` and its `_se`, `_p05`, `_p95` are shares of what was expected;
    `incremental`, `se`, `p05`, `p95`, `observed`, `expected` are outcomes of the treated
    regions over the days of the test; `incremental_daily` the same per day; `fit_error`
    is a day's root mean square error before the test as a share of the mean,
    `relative_fit` that over the median of other regions; `gap_before` the share by which
    the rehearsal right before the test missed (quiet: no more than other regions do).
    """

    estimator: str
    lift: float
    lift_se: float
    lift_p05: float
    lift_p95: float
    incremental: float
    incremental_daily: float
    se: float
    p05: float
    p95: float
    observed: float
    expected: float
    p_space: float
    p_time: float
    fit_error: float
    relative_fit: float
    gap_before: float
    is_quiet_before: bool
    is_sound: bool
    grade: Grade


@dataclass(frozen=True)
class Measured:
    """A test and its readings, the flagship first."""

    treated: tuple[str, ...]
    first: date
    last: date
    days_before: int
    controls: int
    left_out: tuple[str, ...]
    is_randomised: bool
    readings: tuple[Lift, ...]

    @property
    def flagship(self) -> Lift:
        return self.readings[0]


def measure(
    panel: Panel,
    *,
    treated: Sequence[str],
    first: date,
    last: date,
    is_randomised: bool = False,
    estimators: Iterable[str] = tuple(ESTIMATORS),
) -> Measured:
    """Read the test of `treated` regions from `first` to `last`, both inclusive.

    Days after `last` are not looked at. `is_randomised`: regions were drawn by lot.

    Raises: LiftRefused (unknown or constant region, all treated, days missing or too few;
    the message names the remedy).
    """
    test = setup(panel, treated=treated, first=first, last=last)
    return Measured(
        treated=tuple(panel.regions[place] for place in test.treated),
        first=first,
        last=last,
        days_before=test.start,
        controls=test.controls.size,
        left_out=test.left_out,
        is_randomised=is_randomised,
        readings=tuple(_reading(name, test, is_randomised) for name in estimators),
    )


def _reading(name: str, test: Setup, is_randomised: bool) -> Lift:
    weigh = ESTIMATORS[name]
    stop = len(test.values)
    found = gap(weigh, test.outcomes, test.compared, start=test.start, stop=stop)
    played = placebos(weigh, test, rng=np.random.default_rng(SEED))
    error = played.error(found.fit_error)
    # An error scales with what came; where less came than expected, with what should have.
    lift_se = error * max(1.0, 1 + found.ratio)
    se = lift_se * found.expected
    incremental = found.observed - found.expected
    relative_fit = _relative_fit(found, played)
    before = played.time[0].ratio
    usual = max(Z * played.space_error(found.fit_error), ROUNDING)
    sound = is_sound(
        is_randomised=is_randomised,
        is_quiet_before=abs(before) <= usual,
        relative_fit=relative_fit,
    )
    return Lift(
        estimator=name,
        lift=found.ratio,
        lift_se=lift_se,
        lift_p05=found.ratio - Z * lift_se,
        lift_p95=found.ratio + Z * lift_se,
        incremental=incremental,
        incremental_daily=incremental / test.length,
        se=se,
        p05=incremental - Z * se,
        p95=incremental + Z * se,
        observed=found.observed,
        expected=found.expected,
        p_space=played.p_space(found),
        p_time=p_time(weigh, test),
        fit_error=found.fit_error,
        relative_fit=relative_fit,
        gap_before=before,
        is_quiet_before=abs(before) <= usual,
        is_sound=sound,
        grade=grade(
            is_randomised=is_randomised,
            is_sound=sound,
            excludes_zero=abs(found.ratio) > max(Z * lift_se, ROUNDING),
        ),
    )


def _relative_fit(found: Gap, played: Placebos) -> float:
    usual = float(np.median([each.fit_error for each in played.space]))
    return found.fit_error / max(usual, 1e-12)
