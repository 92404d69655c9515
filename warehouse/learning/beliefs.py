"""From counts to beliefs: one night's learning for one objective and metric.

Groups of a family (objective, metric) have a prior of their own per channel and share
what past nights taught about the model. Pure numerics.
Not here: reading and writing (run.py), deciding (recommend.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain

import numpy as np

from warehouse.learning import policy
from warehouse.learning.calibration import (
    Reliability,
    evidence_scale,
    past_nights,
    reliability,
)
from warehouse.learning.posteriors import (
    QUANTILES,
    Array,
    Comparison,
    Counts,
    Posterior,
    Prior,
    compare,
    day_correlation,
    effective_counts,
    fit_prior,
    posterior,
    sum_by_unit,
)

P90 = QUANTILES.index(0.9)


@dataclass(frozen=True)
class Group:
    """Variants that compete: same objective, metric and channel, sorted by key.

    Units: value and spend of all days, in USD; `clipped` days had counts below 0 or
    more successes than trials.
    """

    objective: str
    metric: str
    channel: str
    variants: tuple[str, ...]
    counts: Counts
    value_usd: float
    spend_usd: float
    last_day: date
    clipped: int


@dataclass(frozen=True)
class Belief:
    """What one night says about a group.

    Shape: (units,) each: `traffic`, trials of the last 28 days; `seen`, all trials,
    halved every half-life. `leader` has the highest mean, `challengers` the highest
    hopes beside it, `laggard` the lowest mean of those that run.
    """

    group: Group
    prior: Prior
    correlation: float
    scale: float
    record: Reliability
    posterior: Posterior
    comparison: Comparison
    traffic: Array
    seen: Array
    leader: int
    challengers: tuple[int, ...]
    laggard: int | None


def learn(family: Sequence[Group], *, as_of: date) -> list[Belief]:
    """Beliefs of all groups of one objective and metric; same input, same beliefs."""
    half_life = policy.OBJECTIVES[family[0].objective].half_life_days
    nights = list(
        chain.from_iterable(
            past_nights(group.counts, half_life_days=half_life) for group in family
        )
    )
    scale, record = evidence_scale(nights), reliability(nights)
    return [
        _believe(group, as_of=as_of, half_life=half_life, scale=scale, record=record)
        for group in family
    ]


def seed(group: Group, as_of: date) -> int:
    """Seed of the group's draws: the same night and group, the same draws."""
    parts = (policy.MODEL_VERSION, group.objective, group.metric, group.channel)
    text = "|".join((as_of.isoformat(), *parts))
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def _believe(
    group: Group, *, as_of: date, half_life: float, scale: float, record: Reliability
) -> Belief:
    counts = group.counts
    rho = day_correlation(counts)
    trials, successes = effective_counts(
        counts, half_life_days=half_life, correlation=rho
    )
    prior = fit_prior(trials, successes)
    belief = posterior(prior, trials * scale, successes * scale)
    recent = counts.age_days < policy.HORIZON_DAYS
    traffic = sum_by_unit(counts, counts.trials * recent)
    seen = sum_by_unit(counts, counts.trials * 0.5 ** (counts.age_days / half_life))
    leader = int(np.argmax(belief.mean))
    others = [u for u in range(counts.units) if u != leader]
    hopes = sorted(others, key=lambda u: (-belief.quantiles[u, P90], u))
    challengers = tuple(hopes[: policy.TEST_CHALLENGERS])
    running = [u for u in others if traffic[u] > 0]
    laggard = min(running, key=lambda u: (belief.mean[u], u), default=None)
    watch = {leader, *challengers} | ({laggard} if laggard is not None else set())
    comparison = compare(
        belief,
        traffic,
        np.random.default_rng(seed(group, as_of)),
        draws=policy.DRAWS,
        watch=tuple(sorted(watch)),
    )
    return Belief(
        group=group,
        prior=prior,
        correlation=rho,
        scale=scale,
        record=record,
        posterior=belief,
        comparison=comparison,
        traffic=traffic,
        seen=seen,
        leader=leader,
        challengers=challengers,
        laggard=laggard,
    )
