"""Beliefs about rates: Beta-Binomial, shrunk to a prior that is refitted every night.

A group is one objective, metric and channel; a unit is one variant in it. Counts decay
with age and are discounted where days of one unit differ more than chance allows.
Not here: tables, and what to do about a belief (recommend.py). Pure numerics.
Source: empirical Bayes by marginal likelihood, Efron and Morris 1975; docs/learning.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Array = NDArray[np.float64]
Index = NDArray[np.int64]

QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
# Before any data: units differ by 0.4 on the logit scale, give or take a factor of 2.2.
SPREAD_CENTRE, SPREAD_WIDTH = float(np.log(0.4)), 0.8
SPREAD_RANGE = (0.02, 1.5)
LARGEST_CORRELATION = 0.5
AGREED_TRIALS = 500.0  # held against a correlation read from little
STEPS = np.arange(-2.0, 3.0)  # standard deviations around the best prior


@dataclass(frozen=True)
class Counts:
    """Daily counts of one group, sorted by unit, then day.

    Shape: all (rows,); `unit` indexes 0..units-1, a unit may have no row.
    Units: `age_days` before the clock's day, 0 or more; the others are counts.
    """

    units: int
    unit: Index
    age_days: Array
    trials: Array
    successes: Array


@dataclass(frozen=True)
class Prior:
    """What a unit nobody has seen is believed to do, and how sure that is.

    Shape: `node_*` (25,), the prior's own uncertainty as weighted Beta priors.
    Units: `mean` a rate; `spread` sd between units on the logit scale; `strength` the
    trials the prior is worth; `loglik` marginal log likelihood at the fit.
    """

    mean: float
    spread: float
    strength: float
    loglik: float
    node_mean: Array
    node_strength: Array
    node_weight: Array


@dataclass(frozen=True)
class Posterior:
    """Shape: (units,); quantiles (units, 5) at 2.5, 10, 50, 90, 97.5 %.

    Units: rates; `shrink` is the prior's share in the mean; `n_eff` effective trials.
    """

    a: Array
    b: Array
    n_eff: Array
    shrink: Array
    mean: Array
    quantiles: Array


@dataclass(frozen=True)
class Comparison:
    """Shape: (units,), and (draws,) for the drawn rates.

    Units: probabilities; `expected_loss` is what showing this unit instead of the best
    gives away, in the rate. `mix` is today's mix of all units.
    """

    probability_best: Array
    expected_loss: Array
    probability_beats_mix: Array
    mix: Array
    watched: dict[int, Array]


def sum_by_unit(counts: Counts, values: Array) -> Array:
    """Sum in the order of rows, so with the same bits. Shape: (rows,) to (units,)."""
    summed = np.bincount(counts.unit, weights=values, minlength=counts.units)
    return summed.astype(np.float64)


def day_correlation(counts: Counts) -> float:
    """How much more alike the trials of one day are than those of the next.

    0: days differ by chance alone. Moments over pairs of days that follow each other, so
    that a slow drift is not read as noise: with d the difference of their rates and
    h = n1 n2 / (n1 + n2), the mean of h d^2 is p (1 - p) (1 + h (2 - 1/n1 - 1/n2) rho),
    so rho is a ratio of sums. 500 trials that agreed are added, or a handful of small
    days would say anything.
    Units: intraclass correlation in 0..0.5; 0 if no unit has two days.
    """
    ran = counts.trials > 0
    unit, n, k = counts.unit[ran], counts.trials[ran], counts.successes[ran]
    pair = unit[1:] == unit[:-1]
    n1, n2 = n[:-1][pair], n[1:][pair]
    k1, k2 = k[:-1][pair], k[1:][pair]
    both = n1 + n2
    rate = (k1 + k2) / both
    variance = rate * (1 - rate) * both / np.maximum(both - 1, 1)
    h = n1 * n2 / both
    room = float(np.sum(variance * h * (2 - 1 / n1 - 1 / n2)))
    if room <= 0:
        return 0.0
    room += AGREED_TRIALS * float(np.mean(rate * (1 - rate)))
    excess = float(np.sum(h * (k1 / n1 - k2 / n2) ** 2 - variance))
    return float(np.clip(excess / room, 0.0, LARGEST_CORRELATION))


def effective_counts(
    counts: Counts, *, half_life_days: float, correlation: float
) -> tuple[Array, Array]:
    """Trials and successes per unit that today's rate may rest on.

    A day of n trials is worth n / (1 + (n - 1) rho) and weighs w, halved every
    half-life. The weighted rate is as noisy as (sum w n)^2 / sum w^2 n trials would be:
    that many are returned, halved by every half-life since the unit's last day with
    trials. Shape: two of (units,).
    """
    weight = 0.5 ** (counts.age_days / half_life_days)
    worth = counts.trials / (1 + np.maximum(counts.trials - 1, 0) * correlation)
    rate = counts.successes / np.maximum(counts.trials, 1)
    seen = sum_by_unit(counts, weight * worth)
    squared = sum_by_unit(counts, weight**2 * worth)
    hits = sum_by_unit(counts, weight * worth * rate)
    scale = np.divide(seen, squared, out=np.zeros_like(seen), where=squared > 0)
    idle_days = np.full(counts.units, np.inf)
    ran = counts.trials > 0
    np.minimum.at(idle_days, counts.unit[ran], counts.age_days[ran])
    idle_days[~np.isfinite(idle_days)] = 0.0
    scale *= 0.5 ** (idle_days / half_life_days)
    return seen * scale, hits * scale


def fit_prior(trials: Array, successes: Array) -> Prior:
    """Prior of a group: mean and spread that make the units' counts most likely.

    The spread has a weak prior of its own, so that one unit, or none, still gives a
    usable answer. What the fit leaves open is kept as 5 x 5 weighted points around it:
    with few units a single best prior would be far too sure. Shape: two of (units,).
    Units: effective counts.
    """
    hits, misses = successes, trials - successes

    def loglik(level: float, width: float) -> float:
        mean, strength = _prior(level, width)
        a, b = mean * strength, (1 - mean) * strength
        return float(
            np.sum(special.betaln(hits + a, misses + b) - special.betaln(a, b))
        )

    def cost(point: Array) -> float:
        level, width = point
        mean = special.expit(level)
        doubt = 0.5 * ((width - SPREAD_CENTRE) / SPREAD_WIDTH) ** 2
        # Half a success and half a miss keep the mean off 0 and 1.
        edge = 0.5 * (np.log(mean) + np.log1p(-mean))
        return float(doubt - edge - loglik(level, width))

    start = float(special.logit((hits.sum() + 0.5) / (trials.sum() + 1.0)))
    found = optimize.minimize(
        cost,
        x0=np.array([start, SPREAD_CENTRE]),
        method="L-BFGS-B",
        bounds=[(start - 3.0, start + 3.0), tuple(np.log(SPREAD_RANGE))],
    )
    best, lowest = np.asarray(found.x, dtype=float), cost(found.x)
    offsets = [_scale(cost, best, axis) * STEPS for axis in (0, 1)]
    levels = (best[0] + offsets[0]).repeat(len(STEPS))
    widths = np.tile(np.clip(best[1] + offsets[1], *np.log(SPREAD_RANGE)), len(STEPS))
    weight = np.exp(
        [lowest - cost(np.array(at)) for at in zip(levels, widths, strict=True)]
    )
    weight /= weight.sum()
    node_mean, node_strength = _prior(levels, widths)
    mean = float(weight @ node_mean)
    spread = float(np.sqrt(weight @ np.exp(2 * widths)))
    return Prior(
        mean=mean,
        spread=spread,
        strength=1.0 / (mean * (1 - mean) * spread**2),
        loglik=loglik(best[0], best[1]),
        node_mean=node_mean,
        node_strength=node_strength,
        node_weight=weight,
    )


def posterior(prior: Prior, trials: Array, successes: Array) -> Posterior:
    """Belief per unit: the Beta with mean and variance of the mixture over priors.

    Shape: two of (units,). Units: effective counts, 0 <= successes <= trials.
    """
    nodes = prior.node_strength[:, None] + trials
    means = (prior.node_mean * prior.node_strength)[:, None] + successes
    means = means / nodes
    mean = prior.node_weight @ means
    variance = prior.node_weight @ (means * (1 - means) / (nodes + 1))
    variance += prior.node_weight @ (means - mean) ** 2
    size = mean * (1 - mean) / variance - 1
    a, b = mean * size, (1 - mean) * size
    return Posterior(
        a=a,
        b=b,
        n_eff=trials,
        shrink=prior.strength / (prior.strength + trials),
        mean=mean,
        quantiles=special.betaincinv(a[:, None], b[:, None], np.array(QUANTILES)),
    )


def compare(
    belief: Posterior,
    traffic: Array,
    rng: np.random.Generator,
    *,
    draws: int,
    watch: tuple[int, ...] = (),
) -> Comparison:
    """All units of a group against each other and against today's mix, by joint draws.

    `traffic` (units,) says how today's mix is made; all 0 is read as even. Drawn rates
    of the units in `watch` are kept. Memory stays at about 16 MB for any group.
    """
    units = len(belief.a)
    weights = traffic if traffic.sum() > 0 else np.ones(units)
    weights = weights / weights.sum()
    block = max(1, 2_000_000 // units)
    best, beats, drawn = np.zeros(units), np.zeros(units), np.zeros(units)
    top, mix = np.empty(draws), np.empty(draws)
    watched = {unit: np.empty(draws) for unit in watch}
    for first in range(0, draws, block):
        rows = slice(first, min(first + block, draws))
        rates = rng.beta(belief.a, belief.b, size=(rows.stop - first, units))
        top[rows], mix[rows] = rates.max(axis=1), rates @ weights
        best += np.bincount(rates.argmax(axis=1), minlength=units)
        beats += (rates > mix[rows, None]).sum(axis=0)
        beats += 0.5 * (rates == mix[rows, None]).sum(axis=0)
        drawn += rates.sum(axis=0)
        for unit, kept in watched.items():
            kept[rows] = rates[:, unit]
    return Comparison(
        probability_best=best / draws,
        # Drawn means, not exact ones: the noise cancels and no loss is below 0.
        expected_loss=np.maximum(top.mean() - drawn / draws, 0.0),
        probability_beats_mix=beats / draws,
        mix=mix,
        watched=watched,
    )


def _prior(level: Array | float, width: Array | float) -> tuple[Array, Array]:
    """Mean and strength; a logit sd of s is a rate sd of about mean (1 - mean) s."""
    mean = np.asarray(special.expit(level))
    return mean, 1.0 / (mean * (1 - mean) * np.exp(2 * np.asarray(width)))


def _scale(cost: Callable[[Array], float], best: Array, axis: int) -> float:
    """Standard deviation of one coordinate, from the bend of the cost at its best."""
    step = np.zeros(2)
    step[axis] = 0.05
    bend = (cost(best + step) - 2 * cost(best) + cost(best - step)) / 0.05**2
    return float(1.0 / np.sqrt(max(bend, 1.0 / SPREAD_WIDTH**2)))
