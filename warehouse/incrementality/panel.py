"""Outcomes by day and region, and what a test needs of them before anything is estimated.

Pure. Not here: reading files (outcomes_file.py), estimates (lift.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

LEAST_DAYS_BEFORE = 28  # four weeks, so that every weekday is seen four times
TIMES_THE_TEST = 3  # and three times the test, so that it can be rehearsed
LEAST_CONTROLS = 4


class LiftRefused(ValueError):
    """The test cannot be read; the message names file or value, and the remedy."""


@dataclass(frozen=True)
class Panel:
    """A dense table of outcomes.

    Shape: values (n_days, n_regions), days consecutive. Units: outcomes per day.
    """

    days: tuple[date, ...]
    regions: tuple[str, ...]
    values: Array

    def __post_init__(self) -> None:
        shape = (len(self.days), len(self.regions))
        if self.values.shape != shape:
            raise ValueError(f"values have shape {self.values.shape}, expected {shape}")


@dataclass(frozen=True)
class Setup:
    """One test on a panel: who is treated, who compares, and where the test begins.

    `values` ends with the last day of the test; later days are no part of it.
    Shape: values (n_days, n_regions); treated, controls: columns of it.
    """

    values: Array
    treated: Places
    controls: Places
    start: int
    left_out: tuple[str, ...]

    @property
    def length(self) -> int:
        """Days of the test."""
        return len(self.values) - self.start

    @property
    def outcomes(self) -> Array:
        """Treated regions together. Shape: (n_days,)."""
        return self.values[:, self.treated].sum(axis=1)

    @property
    def compared(self) -> Array:
        """Regions to compare with. Shape: (n_days, n_controls)."""
        return self.values[:, self.controls]


def days_needed(length: int) -> int:
    """Days before a test of `length` days without which it is refused."""
    return max(LEAST_DAYS_BEFORE, TIMES_THE_TEST * length)


def first_training(start: int) -> int:
    """Days that the earliest rehearsal of a test beginning at `start` is fitted on."""
    return max(LEAST_DAYS_BEFORE // 2, start // 3)


def setup(panel: Panel, *, treated: Sequence[str], first: date, last: date) -> Setup:
    """The test of `treated` from `first` to `last`, both inclusive.

    Raises: LiftRefused (the message says what to change).
    """
    names = _known(panel, treated)
    start, stop = _place(panel, first, last)
    values = panel.values[:stop]
    before = values[:start]
    for name in names:
        _refuse_constant(name, before[:, panel.regions.index(name)])
    usable, left_out = [], []
    for place, name in enumerate(panel.regions):
        if name in names:
            continue
        sold = before[:, place]
        if sold[: first_training(start)].sum() > 0 and np.ptp(sold) > 0:
            usable.append(place)
        else:
            left_out.append(name)
    if len(usable) < LEAST_CONTROLS:
        if len(names) == len(panel.regions):
            raise LiftRefused(
                f"all {len(names)} regions are treated: nothing is left to compare "
                "with; leave some of them out of the test"
            )
        raise LiftRefused(
            f"{len(usable)} regions are left to compare with, {LEAST_CONTROLS} are "
            "needed: treat fewer, or bring the outcomes of more regions"
        )
    return Setup(
        values=values,
        treated=_places(panel.regions.index(name) for name in names),
        controls=_places(usable),
        start=start,
        left_out=tuple(left_out),
    )


def _known(panel: Panel, treated: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in treated if name.strip()))
    if not names:
        raise LiftRefused("no region is treated: name those that were")
    for name in names:
        if name not in panel.regions:
            some = ", ".join(panel.regions[:8])
            more = ", ..." if len(panel.regions) > 8 else ""
            raise LiftRefused(
                f'"{name}" is no region of these outcomes: they have {some}{more}'
            )
    return names


def _place(panel: Panel, first: date, last: date) -> tuple[int, int]:
    """First day of the test and the day after it, as rows of the panel."""
    if first > last:
        raise LiftRefused(f"the test begins {first} and ends {last}: swap them")
    if first < panel.days[0] or last > panel.days[-1]:
        raise LiftRefused(
            f"the test runs {first} to {last}, the outcomes {panel.days[0]} to "
            f"{panel.days[-1]}: bring the missing days, or shorten the test"
        )
    start = (first - panel.days[0]).days
    length = (last - first).days + 1
    if start < days_needed(length):
        raise LiftRefused(
            f"{start} days before the test, a test of {length} days needs "
            f"{days_needed(length)}: bring outcomes from "
            f"{first - timedelta(days=days_needed(length))} on, or shorten the test"
        )
    return start, start + length


def _refuse_constant(name: str, before: Array) -> None:
    if np.ptp(before) == 0:
        raise LiftRefused(
            f'"{name}" has {before[0]:g} on each of the {len(before)} days before the '
            "test: nothing can be learnt from it; check its rows, or leave it out"
        )
    if before[: first_training(len(before))].sum() == 0:
        raise LiftRefused(
            f'"{name}" has no outcome in its first {first_training(len(before))} days: '
            "begin where it does, or leave it out"
        )


def _places(found: Any) -> Places:
    return np.fromiter(found, dtype=np.intp)
