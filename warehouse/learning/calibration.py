"""Is the model to be believed? Past nights are replayed and held against what came.

Two answers: by how much its evidence must be scaled (rates drift, so old counts say
less about tomorrow than their number), and whether it may move money (evidence grade).
Not here: fitting itself (posteriors.py), the decision rule (recommend.py).
Source: walk-forward evaluation; docs/learning.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from warehouse.learning import policy
from warehouse.learning.posteriors import (
    Array,
    Counts,
    Prior,
    day_correlation,
    effective_counts,
    fit_prior,
    posterior,
    sum_by_unit,
)

AHEAD_DAYS = 14
ORIGINS = tuple(range(84, 7, -7))  # nights looked back at, in days before the clock
HALFWAY = 49  # nights older than this and the others judge each other
SCALES = 2.0 ** np.arange(0.0, -7.5, -0.5)  # 1 first: a tie goes to it
RAW_DAYS = 28  # what a dashboard would show: the plain rate of the last four weeks
ENOUGH = 3.0  # successes and misses expected: an interval of fewer means little


@dataclass(frozen=True)
class PastNight:
    """What was believed on one past night about the units of a group, and what came.

    Shape: all (units,). Units: effective counts; `raw_rate` is the plain rate of the
    four weeks before, half a success and half a miss added.
    """

    origin: int
    prior: Prior
    trials: Array
    successes: Array
    raw_rate: Array
    came_trials: Array
    came_successes: Array


@dataclass(frozen=True)
class Reliability:
    """How the model did: share inside its 80 % intervals, and gain over the raw rate.

    Units: `skill` is the share of the raw rate's avoidable log loss that the model
    avoids; above 0 it is better, 1 is perfect.
    """

    forecasts: int
    cover80: float
    skill: float

    @property
    def calibrated(self) -> bool:
        """Good enough to move money by (grade C)."""
        low, high = policy.CALIBRATED_COVER
        enough = self.forecasts >= policy.CALIBRATED_FORECASTS
        return enough and low <= self.cover80 <= high and self.skill > 0


def past_nights(counts: Counts, *, half_life_days: float) -> list[PastNight]:
    """Replay of one group on each past night whose units had a past and a future."""
    nights = []
    for origin in ORIGINS:
        past = _between(counts, origin, np.inf)
        came = _between(counts, origin - AHEAD_DAYS, origin)
        if not past.trials.any() or not came.trials.any():
            continue
        rho = day_correlation(past)
        trials, successes = effective_counts(
            past, half_life_days=half_life_days, correlation=rho
        )
        came_trials, came_successes = effective_counts(
            came, half_life_days=np.inf, correlation=rho
        )
        lately = _between(past, 0, RAW_DAYS)
        seen = sum_by_unit(lately, lately.trials)
        hits = sum_by_unit(lately, lately.successes)
        use = (seen > 0) & (came_trials > 0)
        if not use.any():
            continue
        nights.append(
            PastNight(
                origin=origin,
                prior=fit_prior(trials, successes),
                trials=trials[use],
                successes=successes[use],
                raw_rate=(hits[use] + 0.5) / (seen[use] + 1.0),
                came_trials=came_trials[use],
                came_successes=came_successes[use],
            )
        )
    return nights


def evidence_scale(nights: Sequence[PastNight]) -> float:
    """What one past trial is worth for the next two weeks, between 1/128 and 1.

    The scale under which what came was most likely, over all groups of one objective
    and metric; 1 without a past.
    """
    if not nights:
        return 1.0
    scores = -0.5 * np.log(SCALES) ** 2  # a few small nights shall not say 1/100
    for night in nights:
        mean, strength = night.prior.mean, night.prior.strength
        a = mean * strength + SCALES[:, None] * night.successes
        misses = night.trials - night.successes
        b = (1 - mean) * strength + SCALES[:, None] * misses
        came_misses = night.came_trials - night.came_successes
        likely = special.betaln(a + night.came_successes, b + came_misses)
        scores += (likely - special.betaln(a, b)).sum(axis=1)
    return float(SCALES[int(np.argmax(scores.round(6)))])


def reliability(nights: Sequence[PastNight]) -> Reliability:
    """Judge the older half of the nights by the scale the younger taught, and vice versa."""
    older = [night for night in nights if night.origin > HALFWAY]
    younger = [night for night in nights if night.origin <= HALFWAY]
    inside = forecasts = 0
    score = raw_score = best_score = 0.0
    for judged, taught_by in ((older, younger), (younger, older)):
        scale = evidence_scale(taught_by)
        for night in judged:
            belief = posterior(
                night.prior, night.trials * scale, night.successes * scale
            )
            came = night.came_successes / night.came_trials
            fewer = np.minimum(belief.mean, 1 - belief.mean)
            clear = night.came_trials * fewer >= ENOUGH
            low, high = _interval(belief.a, belief.b, night.came_trials)
            inside += int(np.sum((low <= came) & (came <= high) & clear))
            forecasts += int(clear.sum())
            score += _log_score(night, belief.mean)
            raw_score += _log_score(night, night.raw_rate)
            best_score += _log_score(night, np.clip(came, 1e-12, 1 - 1e-12))
    if not forecasts:
        return Reliability(forecasts=0, cover80=0.0, skill=0.0)
    return Reliability(
        forecasts=forecasts,
        cover80=inside / forecasts,
        skill=(score - raw_score) / max(best_score - raw_score, 1e-12),
    )


def grade(
    *,
    enough_trials: bool,
    calibrated: bool,
    quasi_experiment: bool = False,
    experiment: bool = False,
) -> str:
    """Evidence grade, computed and never typed: the best that stands behind a claim."""
    if experiment:
        return "A"
    if quasi_experiment:
        return "B"
    if not enough_trials:
        return "E"
    return "C" if calibrated else "D"


def _interval(a: Array, b: Array, trials: Array) -> tuple[Array, Array]:
    """80 % interval of a rate still to be counted: doubt plus counting noise."""
    mean = a / (a + b)
    variance = mean * (1 - mean) / (a + b + 1)
    variance = variance + (mean * (1 - mean) - variance) / trials
    size = mean * (1 - mean) / variance - 1
    size = np.maximum(size, 1e-6)
    low, high = special.betaincinv(
        mean * size, (1 - mean) * size, np.array(policy.INTERVAL)[:, None]
    )
    return np.asarray(low), np.asarray(high)


def _log_score(night: PastNight, rate: Array) -> float:
    misses = night.came_trials - night.came_successes
    return float(np.sum(night.came_successes * np.log(rate) + misses * np.log1p(-rate)))


def _between(counts: Counts, low: float, high: float) -> Counts:
    """Rows with low <= age < high; ages count from `low`."""
    use = (counts.age_days >= low) & (counts.age_days < high)
    return Counts(
        units=counts.units,
        unit=counts.unit[use],
        age_days=counts.age_days[use] - low,
        trials=counts.trials[use],
        successes=counts.successes[use],
    )
