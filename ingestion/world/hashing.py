"""Chance without a generator: a number that depends on (seed, purpose, row key) and nothing else.

Everything outside the loop over days is drawn here, so that a row keeps its luck whatever else
exists: longer worlds, other rows, switched-off videos. The mixing step is splitmix64's finaliser
(Steele, Lea, Flood 2014). Counts come from the inverse of their distribution function.
Not here: what is drawn.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_SMALL_MEAN = (
    12.0  # below it counts are inverted exactly, above it they are rounded normals
)


@lru_cache(maxsize=512)
def purpose_key(purpose: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big"
    )


def mix64(value: Array) -> Array:
    if not value.ndim:  # numpy warns of overflow in scalars, never in arrays
        return mix64(value.reshape(1)).reshape(())
    value = value + _GAMMA
    value = (value ^ (value >> np.uint64(30))) * _A
    value = (value ^ (value >> np.uint64(27))) * _B
    return np.asarray(value ^ (value >> np.uint64(31)))


def hash64(seed: int, purpose: str, *keys: Any) -> Array:
    """64 random bits per row. Shape: the keys' broadcast shape; keys are integers."""
    start = np.array([purpose_key(purpose)], dtype=np.uint64) ^ mix64(
        np.array([seed], dtype=np.int64).view(np.uint64)
    )
    h = mix64(start)
    for key in keys:
        k = np.asarray(key)
        if k.dtype != np.uint64:
            k = k.astype(np.int64).view(np.uint64)
        h = mix64(h ^ k)
    return h if any(np.ndim(key) for key in keys) else h.reshape(())


def to_unit(bits: Array) -> Array:
    """Bits to a float in (0, 1), never 0 and never 1."""
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def hash01(seed: int, purpose: str, *keys: Any) -> Array:
    return to_unit(hash64(seed, purpose, *keys))


def normal(seed: int, purpose: str, *keys: Any) -> Array:
    """Standard normal by Box and Muller, from two halves of one hash."""
    first = hash64(seed, purpose, *keys)
    second = mix64(first)
    radius = np.sqrt(-2.0 * np.log(to_unit(first)))
    return np.asarray(radius * np.cos(2.0 * np.pi * to_unit(second)))


def exponential(seed: int, purpose: str, *keys: Any) -> Array:
    return np.asarray(-np.log(hash01(seed, purpose, *keys)))


def binomial(
    trials: Array, chance: Array, seed: int, purpose: str, *keys: Any
) -> Array:
    """Successes in `trials`, int64, between 0 and `trials`."""
    u = hash64(seed, purpose, *keys)
    n, p, bits = np.broadcast_arrays(
        np.asarray(trials, np.float64), np.clip(chance, 0, 1), u
    )
    flip = p > 0.5
    q = np.where(flip, 1.0 - p, p)
    out = np.where(
        n * q < _SMALL_MEAN, 0.0, _rounded(n * q, np.sqrt(n * q * (1 - q)), bits)
    )
    small = np.flatnonzero((n * q < _SMALL_MEAN) & (n * q > 0))
    if len(small):
        ns, qs = n.ravel()[small], q.ravel()[small]
        first = np.exp(ns * np.log1p(-qs))
        step = qs / (1 - qs)
        out.ravel()[small] = _invert(
            to_unit(bits.ravel()[small]),
            first,
            lambda k, at: (ns[at] - k) / (k + 1) * step[at],
        )
    out = np.clip(out, 0, n)
    return np.where(flip, n - out, out).astype(np.int64)


def poisson(mean: Array, seed: int, purpose: str, *keys: Any) -> Array:
    """A Poisson count, int64."""
    u = hash64(seed, purpose, *keys)
    m, bits = np.broadcast_arrays(np.asarray(mean, np.float64), u)
    out = np.where(m < _SMALL_MEAN, 0.0, _rounded(m, np.sqrt(m), bits))
    small = np.flatnonzero((m < _SMALL_MEAN) & (m > 0))
    if len(small):
        ms = m.ravel()[small]
        out.ravel()[small] = _invert(
            to_unit(bits.ravel()[small]), np.exp(-ms), lambda k, at: ms[at] / (k + 1)
        )
    return np.maximum(out, 0).astype(np.int64)


def _rounded(mean: Array, spread: Array, bits: Array) -> Array:
    radius = np.sqrt(-2.0 * np.log(to_unit(bits)))
    z = radius * np.cos(2.0 * np.pi * to_unit(mix64(bits)))
    return np.asarray(np.rint(mean + spread * z))


def _invert(u: Array, first: Array, ratio: Any) -> Array:
    """Smallest k whose distribution function reaches u; `ratio(k, rows)` is pmf(k+1) / pmf(k)."""
    counts = np.zeros(len(u))
    mass, total = first.copy(), first.copy()
    rows = np.flatnonzero(u > total)
    k = 0
    while len(rows) and k < 80:
        mass[rows] *= ratio(k, rows)
        total[rows] += mass[rows]
        k += 1
        counts[rows] = k
        rows = rows[u[rows] > total[rows]]
    return counts
