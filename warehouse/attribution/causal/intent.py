"""Intent nobody sees: a filter over days that reads it from the touches of all channels.

z = a person's own level + a part that drifts (AR 1); channel c has Poisson counts with rate
E exp(g a z - (g a)^2 V0 / 2), V0 = 1 + v, and z starts at index / g. A day's update is the
mode of its likelihood times what was known before; what is handed out knows the past only.
Not here: E (rates.py), a (index.py). Source: Durbin and Koopman 2012, chapter 10.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from warehouse.attribution.causal.inputs import Array, Ints

NEWTON_STEPS = 3
LARGEST_STEP = 2.0
DRIFTS = (0.05, 0.15, 0.3, 0.6, 1.0, 1.7, 3.0)
MEMORIES = (0.6, 0.8, 0.9, 0.95, 0.98)
GAINS = tuple(float(g) for g in np.geomspace(0.4, 8.0, 12))
ASCENTS = 2


@dataclass(frozen=True)
class Intent:
    """`gain` g, `drift` v (variance of the moving part), `memory` rho of a day."""

    loading: Array
    gain: float = 1.0
    drift: float = 0.5
    memory: float = 0.9

    @property
    def slope(self) -> Array:
        return self.gain * self.loading

    @property
    def offset(self) -> Array:
        return -(self.slope**2) * (1 + self.drift) / 2


@dataclass
class _State:
    """Shape: all (people,): means and covariance of level and moving part."""

    level: Array
    moving: Array
    level_variance: Array
    covariance: Array
    moving_variance: Array


@dataclass(frozen=True)
class Known:
    """Intent as known so far: before a day's touches, or amid them. Shape: (people,)."""

    mean: Array
    variance: Array


def known_each_day(
    model: Intent, index: Array, days: Iterator[tuple[Array, Array]]
) -> Iterator[tuple[Known, float]]:
    """One pair per day: what was known before, and the log likelihood of its touches.

    Shape: index (people,); days give counts and expected touches, (people, channels).
    """
    people = len(index)
    state = _State(
        level=index / model.gain,
        moving=np.zeros(people),
        level_variance=np.ones(people),
        covariance=np.zeros(people),
        moving_variance=np.full(people, model.drift),
    )
    for day, (counts, expected) in enumerate(days):
        if day:
            _drift(state, model)
        mean = state.level + state.moving
        variance = state.level_variance + 2 * state.covariance + state.moving_variance
        likelihood = _update(state, model, mean, variance, counts, expected)
        yield Known(mean, variance), likelihood


def _drift(state: _State, model: Intent) -> None:
    rho = model.memory
    state.moving *= rho
    state.covariance *= rho
    state.moving_variance = state.moving_variance * rho**2 + model.drift * (1 - rho**2)


def _update(
    state: _State,
    model: Intent,
    mean: Array,
    variance: Array,
    counts: Array,
    expected: Array,
) -> float:
    """Newton steps to the mode; people without a touch need one."""
    base = expected * np.exp(model.offset)
    slope, pull = model.slope, counts @ model.slope

    def at(z: Array, who: slice | Ints) -> tuple[Array, Array, Array]:
        rate = base[who] * np.exp(z[:, None] * slope)
        return rate.sum(axis=1), rate @ slope, rate @ slope**2

    everyone = slice(None)
    mass, push, curvature = at(mean, everyone)
    step = variance * (pull - push) / (1 + variance * curvature)
    z = mean + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
    touched = np.flatnonzero(pull > 0)
    mass = mass + push * (z - mean) + curvature * (z - mean) ** 2 / 2
    for _ in range(NEWTON_STEPS if touched.size else 0):
        before, spread = mean[touched], variance[touched]
        here = z[touched]
        mass_t, push_t, curvature_t = at(here, touched)
        slope_t = (pull[touched] - push_t) * spread - (here - before)
        here = here + np.clip(
            slope_t / (1 + spread * curvature_t), -LARGEST_STEP, LARGEST_STEP
        )
        z[touched], mass[touched], curvature[touched] = here, mass_t, curvature_t
    left = 1 / (1 + variance * curvature)  # share of the variance that stays
    moved = z - mean
    to_level = (state.level_variance + state.covariance) / variance
    to_moving = (state.moving_variance + state.covariance) / variance
    gone = variance * (1 - left)
    state.level = state.level + to_level * moved
    state.moving = state.moving + to_moving * moved
    state.level_variance = state.level_variance - to_level**2 * gone
    state.covariance = state.covariance - to_level * to_moving * gone
    state.moving_variance = state.moving_variance - to_moving**2 * gone
    score = pull * z + counts @ model.offset - mass - moved**2 / (2 * variance)
    return float((score + np.log(left) / 2).sum())


def updated(model: Intent, known: Known, counts: Array, expected: Array) -> Known:
    """What is known once touches have been seen; nothing drifts in between.

    Shape: counts, expected (people, channels).
    """
    base = expected * np.exp(model.offset)
    slope, pull = model.slope, counts @ model.slope
    mean, variance = known.mean, known.variance
    z = mean
    for _ in range(NEWTON_STEPS + 1):
        rate = base * np.exp(z[:, None] * slope)
        uphill = variance * (pull - rate @ slope) - (z - mean)
        step = uphill / (1 + variance * (rate @ slope**2))
        z = z + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
    rate = base * np.exp(z[:, None] * slope)
    return Known(z, variance / (1 + variance * (rate @ slope**2)))


def fitted(loading: Array, index: Array, counts: Array, expected: Array) -> Intent:
    """g, v and rho by coordinate ascent of the one-step likelihood.

    Shape: index (people,), counts and expected (days, people, channels).
    """

    def likelihood(model: Intent) -> float:
        days = iter(zip(counts, expected, strict=True))
        return sum(told for _, told in known_each_day(model, index, days))

    best = Intent(loading)
    found = likelihood(best)
    for _ in range(ASCENTS):
        before = best
        for name, values in (
            ("gain", GAINS),
            ("drift", DRIFTS),
            ("memory", MEMORIES),
        ):
            best, found = _climb(best, found, name, values, likelihood)
        if best == before:
            break
    return best


def _climb(
    model: Intent,
    found: float,
    name: str,
    values: Sequence[float],
    likelihood: Callable[[Intent], float],
) -> tuple[Intent, float]:
    """Along one coordinate, from the nearest grid value while it pays."""
    near = int(np.argmin([abs(np.log(v / getattr(model, name))) for v in values]))
    start = replace(model, **{name: values[near]})  # type: ignore[arg-type]
    told = {near: likelihood(start)}
    if told[near] > found:
        model, found = start, told[near]
    for step in (1, -1):
        at = near + step
        while 0 <= at < len(values):
            tried = replace(model, **{name: values[at]})  # type: ignore[arg-type]
            value = likelihood(tried)
            if value <= found:
                break
            model, found, at = tried, value, at + step
    return model, found


def expected_dose(model: Intent, known: Known, expected: Array) -> Array:
    """Rate of touches given the past. Shape: (people, channels)."""
    slope = model.slope
    log_rate = known.mean[:, None] * slope + known.variance[:, None] * slope**2 / 2
    return expected * np.exp(np.minimum(log_rate + model.offset, 4.0))
