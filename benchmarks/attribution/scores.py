"""Errors of one table against the truth. Not here: tables, printing (__main__.py)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def shares(total: Array) -> Array:
    mass = float(total.sum())
    return total / mass if mass > 0 else np.zeros_like(total)


def l1(total: Array, truth: Array) -> float:
    """Sum of |share - true share|: 0 is perfect, 2 all wrong."""
    return float(np.abs(shares(total) - shares(truth)).sum())


def absolute(total: Array, truth: Array) -> float:
    """Counts the level too: sum |estimate - truth| / total truth."""
    return float(np.abs(total - truth).sum() / truth.sum())


def level(total: Array, truth: Array) -> float:
    """Estimated / true incremental total - 1."""
    return float(total.sum() / truth.sum() - 1)


def rank_correlation(total: Array, truth: Array) -> float:
    """Spearman's, over channels."""
    a, b = (_ranks(values) for values in (total, truth))
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: Array) -> Array:
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    for value in np.unique(values):
        same = values == value
        order[same] = order[same].mean()
    return order


def covered(low: Array, high: Array, truth: Array, judged: Sequence[int]) -> Array:
    """Which intervals hold the truth, of the channels judged."""
    picked = list(judged)
    return ((low <= truth + 1e-9) & (truth <= high + 1e-9))[picked]
