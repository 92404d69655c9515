"""What was bought region by region, read as one experiment of many small flights.

Media go on and off by region and week, so a region's leads beside the other regions' of the
same week say what the media add, views that nobody clicked included. Leads of region r and
week w are Poisson around season_w x (level_r + sum of effect_u x delivered_urw): delivered
is the decayed stock of impressions, and an impression is worth the same in every region,
times the season. Impressions that follow demand would be taken for its cause: media aimed at
people who came before do not belong in here.

A unit is a channel, or a video that the team declared as an experiment by region. Of declared
units the prior holds that one of two adds something, of others one of four: without an effect
anywhere, next to nothing is credited. The interval is the data's own, which no prior narrows.
What a test found multiplies the Gaussian likelihood of the effects (merge.py) before the prior
comes in. Posterior by Gibbs sampling over that likelihood.
Pure. Not here: reading tables, who gets the credit.
Sources: Vaver and Koehler 2011, "Measuring ad effectiveness using geo experiments";
George and McCulloch 1993, "Variable selection via Gibbs sampling".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from warehouse.incrementality.lift import Z
from warehouse.incrementality.merge import Finding, contradiction, merged

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

WEEK = 7
HALF_LIVES = (6.0, 12.0)  # days of memory, weighed by their likelihood
WIDTH = 0.20  # of all outcomes: deviation of an effect that is one
DECLARED, OTHERS = 0.5, 0.25  # prior share of units with an effect
DRAWS, FIRST_DRAWS = 4_000, 500
STEPS = 100
LEAST_REGIONS, LEAST_WEEKS, LEAST_OUTCOMES = 4, 12, 300
FAR = 6.0  # standard deviations
FLOOR = 1e-3  # outcomes a cell expects at least: a model of none can't be weighed


class TooFewFlights(ValueError):
    """Regions, weeks or outcomes are too few; the message says which."""


@dataclass(frozen=True)
class Flights:
    """Shape: outcomes (regions, days), delivered (units, regions, days), declared (units,).

    Units: outcomes counted, delivered impressions.
    """

    outcomes: Array
    delivered: Array
    declared: Bools


@dataclass(frozen=True)
class Effects:
    """Shape: estimate, se, total, p05, p95 (units,), covariance (units, units); caused
    (units, regions, weeks): where the total lies; expected (regions, weeks).

    Units: outcomes of the whole window. `estimate`, `se` and `covariance` are the data's
    alone, tests among them, `p05` and `p95` their 90 % interval above 0; `total` is the
    posterior's mean. Weeks are whole and end with the last day; the days left over lie
    before the first. `conflicts`: positions of findings that the flights contradict.
    """

    estimate: Array
    se: Array
    covariance: Array
    total: Array
    p05: Array
    p95: Array
    caused: Array
    expected: Array
    conflicts: tuple[int, ...]


@dataclass(frozen=True)
class _Fit:
    effect: Array
    covariance: Array
    likelihood: float
    caused: Array
    expected: Array


def read_flights(
    flights: Flights, *, seed: int, findings: Sequence[Finding] = ()
) -> Effects:
    """`findings`: what tests on other people or days say of some units' sum.

    Raises: TooFewFlights; the remedy is a longer window, or more regions.
    """
    refuse(flights)
    outcomes = _by_week(flights.outcomes)
    fits = [_fit(outcomes, _by_week(_stock(flights.delivered, h))) for h in HALF_LIVES]
    conflicts = []
    for position, finding in enumerate(findings):
        fits, is_conflict = _with(fits, finding)
        conflicts += [position] * is_conflict
    weight = _weight(fits)
    random = np.random.default_rng(seed)
    width = WIDTH * float(outcomes.sum())
    counts = random.multinomial(DRAWS, weight)
    drawn = [
        _posterior(fit, flights.declared, width, int(count), random)
        for fit, count in zip(fits, counts, strict=True)
        if count
    ]
    draws = np.concatenate(drawn)
    best = fits[int(weight.argmax())]
    place = best.caused / np.maximum(best.caused.sum(axis=(1, 2)), FLOOR)[:, None, None]
    total = draws.mean(axis=0)
    estimate = weight @ np.stack([fit.effect for fit in fits])
    se = np.sqrt(weight @ np.stack([np.diag(fit.covariance) for fit in fits]))
    return Effects(
        estimate=estimate,
        se=se,
        covariance=_mean_covariance(fits, weight),
        total=total,
        p05=np.clip(estimate - Z * se, 0.0, total),
        p95=np.maximum(estimate + Z * se, total),
        caused=place * total[:, None, None],
        expected=best.expected,
        conflicts=tuple(conflicts),
    )


def _weight(fits: Sequence[_Fit]) -> Array:
    likelihood = np.array([fit.likelihood for fit in fits])
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    return np.asarray(weight)


def _mean_covariance(fits: Sequence[_Fit], weight: Array) -> Array:
    return np.tensordot(weight, np.stack([fit.covariance for fit in fits]), 1)


def _with(fits: Sequence[_Fit], finding: Finding) -> tuple[list[_Fit], bool]:
    """Each fit merged with it, and whether they contradict it, all taken together."""
    weight = _weight(fits)
    effect = weight @ np.stack([fit.effect for fit in fits])
    widening = contradiction(effect, _mean_covariance(fits, weight), finding)
    found = []
    for fit in fits:
        effect, covariance, cost = merged(fit.effect, fit.covariance, finding, widening)
        likelihood = fit.likelihood - cost
        found.append(
            replace(fit, effect=effect, covariance=covariance, likelihood=likelihood)
        )
    return found, widening > 0


def refuse(flights: Flights) -> None:
    """Raises: TooFewFlights."""
    regions, days = flights.outcomes.shape
    switched = int((flights.delivered.sum(axis=0) > 0).any(axis=1).sum())
    if switched < LEAST_REGIONS:
        raise TooFewFlights(
            f"media ran in {switched} of {regions} regions, {LEAST_REGIONS} are the least"
        )
    if days < LEAST_WEEKS * WEEK:
        raise TooFewFlights(f"{days} days, {LEAST_WEEKS * WEEK} are the least")
    if flights.outcomes.sum() < LEAST_OUTCOMES:
        raise TooFewFlights(
            f"{flights.outcomes.sum():.0f} outcomes with a region, {LEAST_OUTCOMES} are "
            "the least"
        )


def _stock(delivered: Array, half_life: float) -> Array:
    """What is left of all impressions so far. Shape: (units, regions, days)."""
    keep = 2 ** (-1 / half_life)
    stock, now = np.empty_like(delivered), np.zeros(delivered.shape[:2])
    for day in range(delivered.shape[2]):
        now = now * keep + delivered[:, :, day] * (1 - keep)
        stock[:, :, day] = now
    return stock


def _by_week(daily: Array) -> Array:
    """Sums of whole weeks, the last one ending with the last day."""
    weeks = daily.shape[-1] // WEEK
    whole = daily[..., daily.shape[-1] - weeks * WEEK :]
    return whole.reshape(*daily.shape[:-1], weeks, WEEK).sum(axis=-1)


def _fit(outcomes: Array, stock: Array) -> _Fit:
    """Likelihood's mode by Fisher scoring; an effect may be negative here.

    Shape: outcomes (regions, weeks), stock (units, regions, weeks).
    """
    regions, units = len(outcomes), len(stock)
    scaled = stock / stock.mean(axis=(1, 2), keepdims=True)
    level = outcomes.sum(axis=1) / outcomes.sum() + FLOOR
    season = np.maximum(outcomes.sum(axis=0), 1.0)
    effect = np.zeros(units)

    def rate(level: Array, effect: Array) -> Array:
        return level[:, None] + np.tensordot(effect, scaled, 1)

    def likelihood(level: Array, season: Array, effect: Array) -> float:
        mean = np.maximum(season * rate(level, effect), FLOOR)
        return float((outcomes * np.log(mean) - mean).sum())

    found = likelihood(level, season, effect)
    for _ in range(STEPS):
        mean = np.maximum(season * rate(level, effect), FLOOR)
        slopes = _slopes(mean, season, scaled)
        weighted = slopes / mean.reshape(-1)
        information = weighted @ slopes.T + FLOOR * np.eye(len(slopes))
        information[regions, regions] += 1e6  # the first season fixes the scale
        step = np.linalg.solve(information, weighted @ (outcomes - mean).reshape(-1))
        part, gain = 1.0, 0.0
        while part > 1e-4:
            tried = (
                level + part * step[:regions],
                season * np.exp(np.clip(part * step[regions:-units], -1, 1)),
                effect + part * step[-units:],
            )
            gain = likelihood(*tried) - found
            if rate(tried[0], tried[2]).min() > 0 and gain >= 0:
                level, season, effect = tried
                found += gain
                break
            part /= 2
        if part <= 1e-4 or gain < 1e-6:
            break
    mean = np.maximum(season * rate(level, effect), FLOOR)
    spare = max(outcomes.size - len(step), 1)
    overdispersion = max(1.0, float(((outcomes - mean) ** 2 / mean).sum()) / spare)
    per_effect = (season * scaled).sum(axis=(1, 2))
    covariance = np.linalg.inv(information)[-units:, -units:] * overdispersion
    return _Fit(
        effect=effect * per_effect,
        covariance=covariance * np.outer(per_effect, per_effect),
        likelihood=found / overdispersion,
        caused=season * scaled,
        expected=mean,
    )


def _slopes(mean: Array, season: Array, scaled: Array) -> Array:
    """Of the mean by level, log season and effect. Shape: (parameters, cells)."""
    regions, weeks = mean.shape
    by_level = np.einsum("rs,w->rsw", np.eye(regions), season)
    by_season = np.einsum("vw,rw->vrw", np.eye(weeks), mean)
    return np.concatenate([by_level, by_season, season * scaled]).reshape(
        regions + weeks + len(scaled), -1
    )


def _posterior(
    fit: _Fit, declared: Bools, width: float, draws: int, random: np.random.Generator
) -> Array:
    """Spike at none, half of a normal above it. Shape: (draws, units)."""
    precision = np.linalg.inv(fit.covariance)
    pull = precision @ fit.effect
    now = np.maximum(fit.effect, 0.0)
    found = np.empty((draws, len(now)))
    share = np.where(declared, DECLARED, OTHERS)
    odds = share / (1 - share)
    uniform = random.random((draws + FIRST_DRAWS, len(now), 2))
    for sweep in range(-FIRST_DRAWS, draws):
        for u in range(len(now)):
            mass = precision[u, u] + 1 / width**2
            sd = mass**-0.5
            mean = (pull[u] - precision[u] @ now + precision[u, u] * now[u]) / mass
            ratio = mean / sd
            log_odds = np.log(odds[u]) + np.log(2 * sd / width) + ratio**2 / 2
            log_odds += float(log_ndtr(ratio))
            first, second = uniform[sweep + FIRST_DRAWS, u]
            if np.log(first) - np.log1p(-first) < log_odds:
                now[u] = max(mean + sd * _above(-ratio, second), 0.0)
            else:
                now[u] = 0.0
        if sweep >= 0:
            found[sweep] = now
    return found


def _above(least: float, uniform: float) -> float:
    """A standard normal that is at least so much."""
    if least > FAR:  # what is left above is less than a double near 1 can tell
        return -float(ndtri_exp(log_ndtr(-least) + np.log1p(-uniform)))
    below = float(ndtr(least))
    return float(ndtri(below + (1 - below) * uniform))
