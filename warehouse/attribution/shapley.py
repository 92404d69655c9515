"""Shapley attribution on a game of channel sets: what a channel adds to the rate at which
paths convert, averaged over every order in which channels could have joined.

v(S) is the share of paths touching nothing outside S that converted (for value: what they
brought, per path); a set nobody walked is worth 0. Exact to 20 channels; above, orders are
drawn until the standard error is small, or for some ten seconds. Not here: the per-path
forms, which are rules (sql/rules/shapley*.sql). Source: Shapley 1953; Zhao et al. 2018,
"Shapley value methods for attribution modeling in online advertising".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXACT_CHANNELS = 20  # a million subsets: half a second
SEED = 20251101
ORDERS_AT_ONCE = 64
MOST_ORDERS = 8_192
MOST_JOINED = 500_000_000  # members of sets looked at: some ten seconds
PRECISE = 0.01  # of the largest credit


@dataclass(frozen=True)
class SetCount:
    """What the paths that touched exactly these channels brought, and how many they were."""

    channels: frozenset[str]
    paths: float
    conversions: float
    value: float


@dataclass(frozen=True)
class Credit:
    """Shape: one entry per channel, channels in alphabetical order.

    Units: credits sum to what the counted sets booked; standard errors in the same units,
    0 where the credit is exact.
    """

    channels: tuple[str, ...]
    conversions: Array
    value: Array
    conversions_se: Array
    value_se: Array


def credit(sets: Sequence[SetCount]) -> Credit:
    """Shapley values of both games, negative ones cut at 0, scaled to what was booked.

    A channel that lowers the rate on average earns nothing: credits are never negative.
    Raises: ValueError for a negative count (a total is never less than 0).
    """
    for each in sets:
        if min(each.paths, each.conversions, each.value) < 0:
            raise ValueError(f"{each}: counts and values are totals, never less than 0")
    channels = tuple(sorted({name for each in sets for name in each.channels}))
    parts = [
        _scaled(values, errors, sum(outcomes))
        for outcomes in (
            [each.conversions for each in sets],
            [each.value for each in sets],
        )
        for values, errors in [_values(channels, sets, np.array(outcomes))]
    ]
    (conversions, conversions_se), (value, value_se) = parts
    return Credit(channels, conversions, value, conversions_se, value_se)


def _values(
    channels: tuple[str, ...], sets: Sequence[SetCount], outcomes: Array
) -> tuple[Array, Array]:
    """Shapley values and their standard errors."""
    if not channels:
        return np.zeros(0), np.zeros(0)
    paths = np.array([each.paths for each in sets])
    index = {name: i for i, name in enumerate(channels)}
    members = [[index[name] for name in each.channels] for each in sets]
    if len(channels) <= EXACT_CHANNELS:
        exact = _exact(len(channels), members, paths, outcomes)
        return exact, np.zeros(len(channels))
    return _drawn(len(channels), members, paths, outcomes)


def _exact(
    count: int, members: list[list[int]], paths: Array, outcomes: Array
) -> Array:
    """Over all subsets by bit mask: sums over subsets, then weighted differences."""
    size = 1 << count
    walked, brought = np.zeros(size), np.zeros(size)
    masks = [sum(1 << i for i in each) for each in members]
    np.add.at(walked, masks, paths)
    np.add.at(brought, masks, outcomes)
    for bit in range(count):  # each mask gathers what its subsets hold
        for sums in (walked, brought):
            halves = sums.reshape(-1, 2, 1 << bit)
            halves[:, 1] += halves[:, 0]
    worth = np.divide(brought, walked, out=np.zeros(size), where=walked > 0)
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(count):
        sizes = np.concatenate([sizes, sizes + 1])
    weight = np.array(
        [
            factorial(s) * factorial(count - 1 - s) / factorial(count)
            for s in range(count)
        ]
    )
    values = np.zeros(count)
    for bit in range(count):
        halves = worth.reshape(-1, 2, 1 << bit)
        without = sizes.reshape(-1, 2, 1 << bit)[:, 0]
        values[bit] = np.sum(weight[without] * (halves[:, 1] - halves[:, 0]))
    return values


def _drawn(
    count: int, members: list[list[int]], paths: Array, outcomes: Array
) -> tuple[Array, Array]:
    """Orders drawn in mirrored pairs: a set counts once its last channel has joined."""
    random = np.random.default_rng(SEED)
    flat = np.concatenate([np.array(each, dtype=np.intp) for each in members])
    begins = np.cumsum([0, *(len(each) for each in members[:-1])])
    most = min(MOST_ORDERS, max(ORDERS_AT_ONCE, MOST_JOINED // (2 * len(flat))))
    total, squares, pairs = np.zeros(count), np.zeros(count), 0
    while True:
        for _ in range(ORDERS_AT_ONCE):
            order = random.permutation(count)
            both = [
                _joining(each, flat, begins, paths, outcomes)
                for each in (order, order[::-1])
            ]
            found = (both[0] + both[1]) / 2
            total += found
            squares += found**2
            pairs += 1
        mean = total / pairs
        error = np.sqrt(np.maximum(squares / pairs - mean**2, 0) / (pairs - 1))
        if error.max() <= PRECISE * mean.max() or pairs >= most:
            return mean, error


def _joining(
    order: NDArray[np.intp],
    flat: NDArray[np.intp],
    begins: NDArray[np.intp],
    paths: Array,
    outcomes: Array,
) -> Array:
    """What each channel adds when it joins, in one order."""
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    complete = np.maximum.reduceat(rank[flat], begins)
    walked = np.cumsum(np.bincount(complete, paths, len(order)))
    brought = np.cumsum(np.bincount(complete, outcomes, len(order)))
    worth = np.divide(brought, walked, out=np.zeros(len(order)), where=walked > 0)
    return np.diff(worth, prepend=0.0)[rank]


def _scaled(values: Array, errors: Array, total: float) -> tuple[Array, Array]:
    earned = np.maximum(values, 0.0)
    mass = float(earned.sum())
    if mass <= 0:
        return np.zeros_like(values), np.zeros_like(values)
    return earned / mass * total, errors / mass * total
