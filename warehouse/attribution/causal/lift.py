"""Lift tests correct the estimate; intervals come from the same covariance.

One Gaussian update per test (warehouse/incrementality/merge.py). Errors that channels share
travel through the covariance, so a test of one channel corrects the others. Not here: where
the covariance comes from (averaged.py), running a test (incrementality).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal.inputs import Array, LiftTest
from warehouse.incrementality.merge import Finding, contradiction, merged

NINETY = 1.645
ROUNDS = 100


@dataclass(frozen=True)
class Calibrated:
    """Shape: total (channels,), covariance (channels, channels).

    `conflicts` are positions of tests that lie outside three standard errors.
    """

    total: Array
    covariance: Array
    conflicts: tuple[int, ...]


def calibrated(
    total: Array,
    covariance: Array,
    tests: Sequence[LiftTest],
    order_free_to_removed: Array,
) -> Calibrated:
    """Units: conversions. A test reads removal; it is first put on the scale of credits.

    A test in conflict is believed, and widens its channel by the squared gap.
    """
    e, s, conflicts = total.astype(np.float64), covariance.copy(), []
    for position, test in enumerate(tests):
        ratio = float(order_free_to_removed[test.channel])
        tested = np.zeros(len(e))
        tested[test.channel] = 1.0
        finding = Finding(tested, test.conversions * ratio, test.se * ratio)
        widening = contradiction(e, s, finding)
        if widening:
            conflicts.append(position)
        e, s, _ = merged(e, s, finding, widening)
    return Calibrated(np.maximum(e, 0.0), (s + s.T) / 2, tuple(conflicts))


def interval(total: Array, variance: Array) -> tuple[Array, Array]:
    """90 % in simulated worlds, never below 0."""
    sd = np.sqrt(np.maximum(variance, 0.0))
    return np.maximum(total - NINETY * sd, 0.0), total + NINETY * sd


def scaled(credits: Array, after: Array) -> Array:
    """Credits whose channels sum to `after` while no conversion's sum exceeds 1.

    Shape: credits (conversions, channels), after (channels,). What a full conversion
    cannot take goes to the channel's others, in proportion; where none can, it is lost.
    """
    moved = credits
    for _ in range(ROUNDS):
        now = moved.sum(axis=0)
        moved = moved * np.divide(
            after, now, out=np.zeros_like(after), where=now > 1e-12
        )
        over = moved.sum(axis=1, keepdims=True)
        moved = moved / np.maximum(over, 1.0)
        if over.max(initial=0.0) <= 1.0:
            break
    return moved
