"""What covariates tell of intent, and how strongly each channel follows intent.

The index is a ridge Poisson regression of "ever converts" on everything known of a person;
a channel's loading is the slope of its unexpected touches on it. Without covariates the
loadings come from channels exceeding their expectation together. Not here: intent that
moves (intent.py).
"""

import numpy as np

from warehouse.attribution.causal.inputs import Array, Conversions, Ints, People

PENALTY = 5.0
NEWTON_STEPS = 12
LEAST_LOADING = 0.02
SWEEPS = 60


def dummies(codes: Ints) -> Array:
    """Shape: codes (rows,) from 0; returns (rows, levels) of 0 and 1."""
    return np.eye(int(codes.max(initial=0)) + 1)[codes]


def standardised(columns: Array, weight: Array) -> Array:
    """Mean 0 and deviation 1 under the weights; a constant column becomes 0."""
    mean = np.average(columns, axis=0, weights=weight)
    centred = columns - mean
    deviation = np.sqrt(np.average(centred**2, axis=0, weights=weight))
    return centred / np.where(deviation > 1e-12, deviation, np.inf)


def covariate_index(people: People, conversions: Conversions) -> Array:
    """Shape: (people,). Units: standard deviations of intent; 0 without covariates."""
    parts = [people.numbers]
    parts += [
        dummies(people.categories[:, m]) for m in range(people.categories.shape[1])
    ]
    raw = np.column_stack(parts)
    if raw.shape[1] == 0:
        return np.zeros(len(people))
    x = np.column_stack([np.ones(len(people)), standardised(raw, people.weight)])
    y = np.zeros(len(people))
    y[conversions.person] = 1.0
    weight = people.weight
    ridge = np.full(x.shape[1], PENALTY)
    ridge[0] = 0.0
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(max(float((weight * y).sum() / weight.sum()), 1e-12))
    for _ in range(NEWTON_STEPS):
        mean = weight * np.exp(np.minimum(x @ beta, 3.0))
        slope = x.T @ (weight * y - mean) - ridge * beta
        step = np.linalg.solve((x * mean[:, None]).T @ x + np.diag(ridge), slope)
        beta += np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-8:
            break
    return standardised((x[:, 1:] @ beta[1:])[:, None], weight)[:, 0]


def loadings(index: Array, counted: Array, expected: Array, weight: Array) -> Array:
    """How far a channel's log rate moves with one deviation of the index.

    Shape: index, weight (people,), counted, expected (people, channels); returns
    (channels,), at least 0.02.
    """
    excess = counted - expected
    if not index.any():
        return _rank_one(excess, expected, weight)
    slope = (weight * index) @ excess / np.maximum((weight * index**2) @ expected, 1e-9)
    return np.maximum(slope, LEAST_LOADING)


def _rank_one(excess: Array, expected: Array, weight: Array) -> Array:
    """a with a a' closest to the channels' common excess, off the diagonal."""
    moments = (excess * weight[:, None]).T @ excess
    scale = (expected * weight[:, None]).T @ expected
    moments = np.log1p(np.maximum(moments / np.maximum(scale, 1e-9), 0.0))
    np.fill_diagonal(moments, 0.0)
    size = len(moments)
    a = np.full(size, np.sqrt(moments.sum() / max(size * (size - 1), 1)) + 1e-6)
    for _ in range(SWEEPS):
        for c in range(size):
            others = np.delete(a, c)
            a[c] = max(np.delete(moments[c], c) @ others / (others @ others), 0.0)
            a[c] = max(a[c], 1e-6)
    return np.maximum(a, LEAST_LOADING)
