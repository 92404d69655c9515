"""What the flagship is given: arrays of touches, conversions and people, nothing else.

Times are days since the first midnight of the window, in the reader's zone, so that a whole
number is a midnight. Not here: reading files, guessing what a channel is (naming.py).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Block = NDArray[np.float32]  # of all person-days: half the memory

LEAST_CONVERSIONS = 300
LEAST_CHANNELS = 3


class NotEnoughData(ValueError):
    """Too little to tell cause from company; the message says what is missing."""


@dataclass(frozen=True)
class Channels:
    """Shape: every flag one per name.

    `navigational`: people come by it because they want to (search, direct); `null`: a sign
    of intent that moves nobody; `bought`: switched on and off by region; `video`: watched.
    """

    names: tuple[str, ...]
    navigational: Bools
    null: Bools
    bought: Bools
    video: Bools


@dataclass(frozen=True)
class Touches:
    """Shape: all (touches,), in order of (person, at, touch id).

    Units: `at` days, `dose` 1 for a touch of average strength.
    """

    person: Ints
    channel: Ints
    at: Array
    dose: Array

    def __len__(self) -> int:
        return len(self.person)

    def where(self, kept: Bools) -> "Touches":
        return Touches(
            self.person[kept], self.channel[kept], self.at[kept], self.dose[kept]
        )


@dataclass(frozen=True)
class Conversions:
    """Shape: all (conversions,). Units: `at` days, `value` money."""

    person: Ints
    at: Array
    value: Array

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class People:
    """Shape: weight and region (people,), numbers (people, n), categories (people, m).

    `weight` is 1 / share kept of people like this one; categories are codes from 0.
    """

    weight: Array
    region: Ints
    numbers: Array
    categories: Ints

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True)
class LiftTest:
    """What an experiment found of one channel. Units: conversions in the window."""

    channel: int
    conversions: float
    se: float


@dataclass(frozen=True)
class Inputs:
    """Everything. `coverage` is logged / delivered per channel, in (0, 1].

    Touches may reach back before `first_day`; conversions start there, and so do the
    person-days they are compared with.
    """

    channels: Channels
    touches: Touches
    conversions: Conversions
    people: People
    coverage: Array
    lift_tests: tuple[LiftTest, ...] = ()
    first_day: int = 0

    @property
    def days(self) -> int:
        """Whole days of the window; the last holds the last touch or conversion."""
        latest = max(
            float(self.touches.at.max(initial=0.0)),
            float(self.conversions.at.max(initial=0.0)),
        )
        return int(latest) + 1


@dataclass(frozen=True)
class Options:
    """Defaults are the ones that worked; see docs/attribution.md."""

    seed: int = 20251101
    lookback_days: float = 30.0
    draws: int = 300
    panel_rows: int = 180_000
    filter_people: int = 4_000
    half_lives: tuple[float, ...] = field(default=(1.5, 5.0, 14.0))


def refuse_too_little(inputs: Inputs) -> None:
    """Raises: NotEnoughData; remedy: the rules, or a longer window.

    ValueError: a conversion before the first day; remedy: leave it out, or start there.
    """
    if len(inputs.conversions) and inputs.conversions.at.min() < inputs.first_day:
        raise ValueError(
            f"a conversion on day {inputs.conversions.at.min():.2f} lies before the first "
            f"day, {inputs.first_day}: leave it out, or let the window start there"
        )
    count, channels = len(inputs.conversions), len(set(inputs.touches.channel.tolist()))
    if count < LEAST_CONVERSIONS:
        raise NotEnoughData(
            f"{count} conversions, {LEAST_CONVERSIONS} are the least: take a longer window"
        )
    if channels < LEAST_CHANNELS:
        raise NotEnoughData(
            f"{channels} channels, {LEAST_CHANNELS} are the least: log the others too"
        )
    if inputs.channels.null.all():
        raise NotEnoughData(
            "every channel is declared to cause nothing: take is_null from one that may"
        )
    if np.unique(inputs.conversions.person).size >= len(inputs.people):
        raise NotEnoughData(
            "everybody converted: add the touches of people who did not, or a sample of "
            "them with its weight"
        )
