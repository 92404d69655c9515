"""Exposure: what a person has behind them at one moment, decayed and saturated.

A[row, channel, half-life] adds 2^(-age / half-life) x dose over the touches of the lookback,
and what was never logged, as an expected dose per day. Not here: which moments (panel.py).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal.inputs import Array, Block, Inputs, Ints, Touches

SATURATION = 3.0
EDGE = 1e-9  # days: a touch exactly one lookback old still counts


@dataclass(frozen=True)
class Pairs:
    """Which touch lies behind which row. Shape: (pairs,). Units: age in days."""

    row: Ints
    touch: Ints
    age: Array


@dataclass(frozen=True)
class Unlogged:
    """Expected dose nobody logged. Shape: daily (people, days), for one channel."""

    channel: int
    daily: Block


def saturated(exposure: Array) -> Array:
    return exposure / (1 + exposure / SATURATION)


def behind(touches: Touches, person: Ints, at: Array, lookback_days: float) -> Pairs:
    """Touches of the person in [at - lookback, at]. Shape: person, at (rows,)."""
    span = 4 + float(max(touches.at.max(initial=0.0), at.max(initial=0.0)))
    span += lookback_days
    keys = touches.person * span + touches.at
    low = np.searchsorted(keys, person * span + at - lookback_days - EDGE)
    low = np.maximum(low, np.searchsorted(touches.person, person))
    high = np.searchsorted(keys, person * span + at, side="right")
    count = np.maximum(high - low, 0)
    row = np.repeat(np.arange(len(person)), count)
    touch = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count) + low[row]
    return Pairs(row, touch, np.maximum(at[row] - touches.at[touch], 0.0))


def decayed(
    inputs: Inputs, touches: Touches, pairs: Pairs, rows: int, half_life: float
) -> Array:
    """Logged exposure. Shape: (rows, channels)."""
    count = len(inputs.channels.names)
    sums = np.bincount(
        pairs.row * count + touches.channel[pairs.touch],
        touches.dose[pairs.touch] * np.exp2(-pairs.age / half_life),
        rows * count,
    )
    return sums.astype(np.float64).reshape(rows, count)


def decayed_unlogged(
    daily: Block, person: Ints, at: Array, half_life: float, lookback_days: float
) -> Array:
    """Exposure from an expected dose per day. Shape: daily (people, days); returns (rows,).

    A day's dose lies at its noon; of the row's own day, the part that is over.
    """
    days = np.arange(daily.shape[1])
    total = np.zeros(len(person))
    for lo in range(0, len(person), 16_384):
        part = slice(lo, lo + 16_384)
        day = at[part].astype(int)[:, None]
        age = at[part][:, None] - days - 0.5
        of_day = at[part][:, None] - day
        share = np.where(days < day, 1.0, np.where(days == day, of_day, 0.0))
        share *= age <= lookback_days
        weight = share * np.exp2(-np.maximum(age, of_day / 2) / half_life)
        total[part] = np.einsum("rd,rd->r", weight, daily[person[part]])
    return total
