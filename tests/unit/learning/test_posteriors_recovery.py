"""Known truth, many seeds: shrinkage beats raw rates, intervals cover what they say.

Rates are drawn on the logit scale and days shake them, so the truth is not from the
model's own family.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from warehouse.learning.calibration import evidence_scale, past_nights
from warehouse.learning.posteriors import (
    Array,
    Counts,
    day_correlation,
    effective_counts,
    fit_prior,
    posterior,
)

SEEDS = range(30)
HALF_LIFE = 14.0


@dataclass(frozen=True)
class World:
    units: int = 60
    days: int = 14
    trials: tuple[int, int] = (5, 60)  # per unit and day, log-uniform
    level: float = 0.05
    spread: float = 0.5  # of units, logit
    day_noise: float = 0.15  # coefficient of variation
    drift: float = 0.0  # per day, logit

    def draw(self, seed: int) -> tuple[Array, Counts]:
        """Today's true rates, and the counts of all days."""
        rng = np.random.default_rng(seed)
        logit = np.log(self.level / (1 - self.level))
        logit = logit + self.spread * rng.standard_normal((self.units, 1))
        walk = self.drift * rng.standard_normal((self.units, self.days))
        rate = 1 / (1 + np.exp(-logit - np.cumsum(walk, axis=1)))
        low, high = np.log(self.trials)
        volume = np.exp(rng.uniform(low, high, (self.units, 1)))
        trials = rng.poisson(volume, rate.shape)
        size = (1 - rate) / (rate * self.day_noise**2)
        hits = rng.binomial(trials, rng.beta(rate * size, (1 - rate) * size))
        unit, day = np.indices(rate.shape)
        counts = Counts(
            units=self.units,
            unit=unit.ravel(),
            age_days=(self.days - 1.0 - day).ravel(),
            trials=trials.ravel().astype(float),
            successes=hits.ravel().astype(float),
        )
        return rate[:, -1], counts


@dataclass(frozen=True)
class Score:
    """Shares inside the intervals; log loss; promised over kept rate of the best."""

    cover80: float
    cover95: float
    loss: Array
    raw_loss: Array
    bias: float
    raw_bias: float


def log_loss(truth: Array, estimate: Array) -> float:
    """Excess log loss of predicting `estimate` where `truth` holds."""
    hit, miss = np.log(truth / estimate), np.log((1 - truth) / (1 - estimate))
    return float(np.mean(truth * hit + (1 - truth) * miss))


def score(world: World, *, scaled: bool = False) -> Score:
    inside80, inside95, loss, raw_loss = [], [], [], []
    promised = np.zeros(4)
    for seed in SEEDS:
        truth, counts = world.draw(seed)
        trials, hits = effective_counts(
            counts, half_life_days=HALF_LIFE, correlation=day_correlation(counts)
        )
        scale = 1.0
        if scaled:
            scale = evidence_scale(past_nights(counts, half_life_days=HALF_LIFE))
        belief = posterior(fit_prior(trials, hits), trials * scale, hits * scale)
        q = belief.quantiles
        inside80.append(np.mean((q[:, 1] <= truth) & (truth <= q[:, 3])))
        inside95.append(np.mean((q[:, 0] <= truth) & (truth <= q[:, 4])))
        seen = np.bincount(counts.unit, weights=counts.trials)
        raw = (np.bincount(counts.unit, weights=counts.successes) + 0.5) / (seen + 1)
        loss.append(log_loss(truth, belief.mean))
        raw_loss.append(log_loss(truth, raw))
        best, raw_best = int(np.argmax(belief.mean)), int(np.argmax(raw))
        promised += [belief.mean[best], truth[best], raw[raw_best], truth[raw_best]]
    return Score(
        cover80=float(np.mean(inside80)),
        cover95=float(np.mean(inside95)),
        loss=np.array(loss),
        raw_loss=np.array(raw_loss),
        bias=promised[0] / promised[1] - 1,
        raw_bias=promised[2] / promised[3] - 1,
    )


@pytest.fixture(scope="module")
def small() -> Score:
    """Young B2B variants: about 250 trials and a dozen successes each."""
    return score(World())


def test_shrunken_rates_beat_raw_rates_in_log_loss(small: Score) -> None:
    assert small.loss.mean() < 0.75 * small.raw_loss.mean()
    assert np.mean(small.loss < small.raw_loss) >= 0.9


def test_best_variant_promises_what_it_keeps_where_a_raw_winner_does_not(
    small: Score,
) -> None:
    assert abs(small.bias) <= 0.06
    assert small.raw_bias >= 0.12


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(day_noise=0.01),
        World(level=0.25, spread=0.3, trials=(100, 1_000)),
        World(days=90),
        World(units=8),
        World(units=3),
    ],
    ids=["young", "calm days", "hook rates", "long history", "8 units", "3 units"],
)
def test_intervals_cover_what_they_say_when_rates_are_steady(world: World) -> None:
    found = score(world)
    assert found.cover80 == pytest.approx(0.80, abs=0.04)
    assert found.cover95 == pytest.approx(0.95, abs=0.04)


def test_intervals_cover_when_rates_drift_and_past_nights_taught_the_scale() -> None:
    world = World(days=100, drift=0.05, trials=(200, 2_000))
    # Without the scale learnt from past nights the same intervals are far too narrow.
    assert score(world).cover80 < 0.60
    found = score(world, scaled=True)
    assert found.cover80 == pytest.approx(0.80, abs=0.05)
    assert found.cover95 == pytest.approx(0.95, abs=0.04)
