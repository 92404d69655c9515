"""How far an estimator errs where nothing happened: in other regions, at other times.

Pure; draws come from the generator that is handed in. Not here: grades (grade.py).
Sources: Abadie, Diamond & Hainmueller 2010 (placebos in space, judged by how well each is
fitted before); Chernozhukov, Wuthrich & Zhu 2021 (permutation of residuals in blocks).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.incrementality.panel import Array, Places, Setup, first_training
from warehouse.incrementality.weights import Gap, Weigher, gap, on_scale

SETS = 99  # of other regions that play the treated ones: p down to 1 %
STEPS_IN_A_TEST = 3  # rehearsals begin a third of the test apart


@dataclass(frozen=True)
class Placebos:
    """Gaps where nothing happened, trained and counted like the test itself.

    Shape: space (n_sets,), time (n_windows,), the latest window first.
    """

    space: Sequence[Gap]
    time: Sequence[Gap]

    def space_error(self, fit_error: float) -> float:
        """Root mean square in space, at the fit of the treated regions."""
        return fit_error * _rms(_by_fit(self.space))

    def time_error(self) -> float:
        """Root mean square of the treated regions themselves, before the test."""
        return _rms(np.array([each.ratio for each in self.time]))

    def error(self, fit_error: float) -> float:
        """The larger of both: the standard error of observed / expected."""
        return max(self.space_error(fit_error), self.time_error())

    def p_space(self, found: Gap) -> float:
        """Share of regions, the treated among them, that stand out as much."""
        others = np.abs(_by_fit(self.space))
        mine = abs(_by_fit([found])[0])
        return (1 + int(np.sum(others >= mine))) / (1 + len(others))


def placebos(weigh: Weigher, test: Setup, *, rng: np.random.Generator) -> Placebos:
    """Play the test in other regions, and earlier in the treated ones."""
    compared, stop = test.compared, len(test.values)
    size = min(len(test.treated), test.controls.size // 2)
    space = []
    for chosen in sets(test.controls.size, size, SETS, rng=rng):
        rest = np.delete(compared, chosen, axis=1)
        played = compared[:, chosen].sum(axis=1)
        space.append(gap(weigh, played, rest, start=test.start, stop=stop))
    time = [
        gap(weigh, test.outcomes, compared, start=start, stop=start + test.length)
        for start in rehearsals(test.start, test.length)
    ]
    return Placebos(space=space, time=time)


def sets(
    regions: int, size: int, count: int, *, rng: np.random.Generator
) -> list[Places]:
    """Sets of `size` regions: all of one, else shuffled hands, so that all play alike.

    Shape: at most `count` arrays (size,).
    """
    if size == 1:
        order = rng.permutation(regions)[:count]
        return [np.array([place], dtype=np.intp) for place in order]
    found: list[Places] = []
    while len(found) < count:
        hand = rng.permutation(regions)
        found += [hand[i : i + size] for i in range(0, regions - size + 1, size)]
    return [np.sort(each) for each in found[:count]]


def rehearsals(start: int, length: int) -> list[int]:
    """First days of tests that end before `start`, the latest first."""
    step = max(1, length // STEPS_IN_A_TEST)
    return list(range(start - length, first_training(start) - 1, -step))


def p_time(weigh: Weigher, test: Setup) -> float:
    """Share of stretches of days that stand out as much as those of the test.

    The fit sees all days, as if nothing had happened; residuals are shifted in a circle,
    which keeps their memory. The smallest value is 1 / n_days.
    Source: Chernozhukov, Wuthrich & Zhu 2021, section 2, moving blocks.
    """
    outcomes, compared = test.outcomes, test.compared
    left = outcomes - compared @ on_scale(weigh, outcomes, compared)
    twice = np.concatenate([[0.0], np.cumsum(np.concatenate([left, left]))])
    blocks = twice[test.length : test.length + len(left)] - twice[: len(left)]
    stands_out = np.abs(blocks)
    mine = stands_out[test.start] * (1 - 1e-12)  # its own copy must count as equal
    return float(np.mean(stands_out >= mine))


def _by_fit(gaps: Sequence[Gap]) -> Array:
    """Gaps in units of how well each was fitted."""
    return np.array([each.ratio / max(each.fit_error, 1e-12) for each in gaps])


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
