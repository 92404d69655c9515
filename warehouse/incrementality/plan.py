"""What a test by region could see: power from tests played on one's own history.

Sets of regions play a test without effect on many past stretches of days, fitted and judged
exactly as a real test would be; an effect put on top is found when its interval excludes 0.
Regions to treat are drawn by lot from the quarter of sets that erred least on OLDER days, and
power is counted on YOUNGER ones, so that a lucky choice does not praise itself.
Pure and deterministic. Not here: which channel to test (choose.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.incrementality.lift import SEED, Z
from warehouse.incrementality.panel import (
    LEAST_CONTROLS,
    Array,
    LiftRefused,
    Panel,
    Places,
    days_needed,
    first_training,
)
from warehouse.incrementality.placebo import STEPS_IN_A_TEST, sets
from warehouse.incrementality.weights import ESTIMATORS, FLAGSHIP, gap

POWER = 0.80
SETS = 40  # candidates of regions to treat
KEPT = 4  # one in so many is good enough to be drawn
STARTS = 24  # past stretches of days, about: more only overlap more
LENGTHS = (14, 21, 28, 35, 42, 56)
LIFTS = (0.03, 0.05, 0.08, 0.10, 0.15, 0.20)


@dataclass(frozen=True)
class Row:
    """Power of tests with so many regions, days and effect.

    Units: `lift`, `power`, `detectable` (the smallest lift found with 80 %; infinite
    where none is), `error` (standard error of the lift) and `share` (of all outcomes
    that the regions bring) are shares.
    """

    regions: int
    days: int
    lift: float
    power: float
    detectable: float
    error: float
    share: float
    treated: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All rows, by regions, days and lift; and the lengths that history forbids."""

    rows: tuple[Row, ...]
    too_long: tuple[int, ...]

    def shortest(self, lift: float) -> Row | None:
        """The shortest test that finds `lift` with 80 %, of these the one with fewest regions."""
        fit = [row for row in self.rows if row.lift == lift and row.power >= POWER]
        return min(fit, key=lambda row: (row.days, row.regions), default=None)


@dataclass(frozen=True)
class _Played:
    """Tests without effect. Shape: ratio, fit_error (n_sets, n_starts); starts latest first."""

    chosen: list[Places]
    starts: Array
    length: int
    ratio: Array
    fit_error: Array


def plan(
    panel: Panel,
    *,
    counts: Sequence[int],
    lengths: Sequence[int] = LENGTHS,
    lifts: Sequence[float] = LIFTS,
) -> Plan:
    """Power of tests with `counts` regions and `lengths` days, for effects of `lifts`.

    `lifts`: shares of the outcome, above 0. Lengths that the history is too short for are
    left out and listed.

    Raises: LiftRefused (more regions than can be treated; history too short for all).
    """
    usable = _usable(panel)
    _refuse(usable.size, counts, lengths, lifts)
    days = len(panel.days)
    possible = [length for length in sorted(set(lengths)) if _fits(days, length)]
    if not possible:
        least = min(lengths)
        raise LiftRefused(
            f"{days} days of history, a test of {least} days is planned on "
            f"{days_needed(least) + least}: bring more history, or plan a shorter test"
        )
    rows: list[Row] = []
    for count in sorted(set(counts)):
        for length in possible:
            played = _play(panel.values, usable, count, length)
            rows += _rows(panel, played, sorted(set(lifts)))
    return Plan(
        rows=tuple(rows),
        too_long=tuple(sorted(set(lengths) - set(possible))),
    )


def recommended(found: Plan) -> Row:
    """The shortest test for the smallest effect that any finds; failing that, the sharpest."""
    for lift in sorted({row.lift for row in found.rows}):
        row = found.shortest(lift)
        if row is not None:
            return row
    return min(found.rows, key=lambda row: (row.detectable, row.days))


def usual_count(panel: Panel) -> int:
    """A sixth of the regions: enough to average out, and most stay to compare with."""
    return max(1, len(panel.regions) // 6)


def _refuse(
    regions: int,
    counts: Sequence[int],
    lengths: Sequence[int],
    lifts: Sequence[float],
) -> None:
    most = min(regions // 2, regions - LEAST_CONTROLS)
    for count in counts:
        if not 1 <= count <= most:
            raise LiftRefused(
                f"{count} regions to treat of {regions} with outcomes from the start on: "
                f"choose 1 to {most}, the others are compared with"
                if most >= 1
                else f"{regions} regions have outcomes from the start on, too few for a "
                f"test: bring those of at least {LEAST_CONTROLS + 1}"
            )
    for length in lengths:
        if length < 1:
            raise LiftRefused(f"a test of {length} days: plan one day or more")
    for lift in lifts:
        if not lift > 0:
            raise LiftRefused(f"a lift of {lift:g}: plan for one above 0, 0.1 is 10 %")


def _fits(days: int, length: int) -> bool:
    return days >= days_needed(length) + length


def _usable(panel: Panel) -> Places:
    """Regions that had outcomes from the first rehearsal's days on."""
    training = first_training(days_needed(1))
    sold = panel.values[:training].sum(axis=0) > 0
    varies = np.ptp(panel.values, axis=0) > 0
    return np.flatnonzero(sold & varies)


def _play(values: Array, usable: Places, count: int, length: int) -> _Played:
    """Every set of regions on every stretch of days, with nothing happening."""
    days = len(values)
    earliest = first_training(days_needed(length))
    span = days - length - earliest
    step = max(1, length // STEPS_IN_A_TEST, span // STARTS)
    starts = np.arange(days - length, earliest - 1, -step)
    chosen = sets(usable.size, count, SETS, rng=np.random.default_rng(SEED))
    chosen = [usable[each] for each in chosen]
    weigh = ESTIMATORS[FLAGSHIP]
    ratio = np.empty((len(chosen), starts.size))
    fit_error = np.empty_like(ratio)
    for i, each in enumerate(chosen):
        outcomes = values[:, each].sum(axis=1)
        compared = values[:, np.setdiff1d(usable, each)]
        for j, start in enumerate(starts.tolist()):
            found = gap(weigh, outcomes, compared, start=start, stop=start + length)
            ratio[i, j], fit_error[i, j] = found.ratio, found.fit_error
    return _Played(chosen, starts.astype(np.float64), length, ratio, fit_error)


def _rows(panel: Panel, played: _Played, lifts: Sequence[float]) -> Iterator[Row]:
    judged = _judged(len(panel.days), played)
    kept = _best(played, before=float(played.starts[judged].min()))
    needed, errors = _needed(played, kept, judged)
    treated = played.chosen[int(np.random.default_rng(SEED).choice(kept))]
    share = panel.values[:, treated].sum() / panel.values.sum()
    detectable = float(np.quantile(needed, POWER, method="higher"))
    for lift in lifts:
        yield Row(
            regions=treated.size,
            days=played.length,
            lift=lift,
            power=float(np.mean(needed <= lift)),
            detectable=detectable,
            error=float(np.sqrt(np.mean(errors**2))),
            share=float(share),
            treated=tuple(panel.regions[place] for place in treated),
        )


def _judged(days: int, played: _Played) -> Places:
    """Starts on which power is counted: in the younger half, and late enough for a test.

    The last stretch is always one of them, and older ones always lie before.
    """
    least = max(days_needed(played.length), days // 2)
    return np.flatnonzero(played.starts >= least)


def _best(played: _Played, *, before: float) -> Places:
    """The quarter of sets that erred least on tests that ended before."""
    older = played.starts + played.length <= before
    erred = np.sqrt(np.mean(played.ratio[:, older] ** 2, axis=1))
    count = max(1, len(erred) // KEPT)
    return np.sort(np.argsort(erred, kind="stable")[:count])


def _needed(played: _Played, kept: Places, judged: Places) -> tuple[Array, Array]:
    """The smallest lift each played test would have found, and its standard error.

    Shape: returns (n_kept x n_judged,) twice. Units: shares; infinite where no lift is.
    """
    needed, errors = [], []
    by_fit = played.ratio / np.maximum(played.fit_error, 1e-12)
    for start in judged:
        ended = played.starts + played.length <= played.starts[start]
        for each in kept:
            others = np.delete(by_fit[:, start], each)
            space = played.fit_error[each, start] * np.sqrt(np.mean(others**2))
            time = np.sqrt(np.mean(played.ratio[each, ended] ** 2))
            error = max(float(space), float(time))
            missed = 1 + float(played.ratio[each, start])
            left = (1 - Z * error) * missed
            needed.append(1 / left - 1 if left > 0 else np.inf)
            errors.append(error)
    return np.array(needed), np.array(errors)
