"""Regional worlds with known lift: what a test by region is judged on.

Made unlike any estimator weighs: each region is a product of its size, a national rhythm that
it follows more or less, three slow regional climates, its own weekday and drift, noise with a
memory of its own, sudden promotions, and counts that scatter more in some regions than in
others. The effect sets in gradually. A world is fixed by `seed`, its days by `replica`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from warehouse.incrementality.panel import Panel

Array = NDArray[np.float64]
FIRST = date(2025, 9, 1)


@dataclass(frozen=True)
class Kind:
    """How a family of worlds is drawn; ranges are inclusive.

    Units: `volume` outcomes per region and day (mean over regions); `share` least part
    of all outcomes that the treated regions had; `drift` how much the treated regions
    move on a factor of their own (standard deviation of the log).
    """

    treated: tuple[int, int] = (3, 8)
    volume: tuple[float, float] = (60.0, 600.0)
    share: float = 0.08
    drift: float = 0.0


STEADY = Kind()
SMALL = Kind(treated=(1, 2), volume=(15.0, 150.0), share=0.0)
OWN_FACTOR = Kind(drift=0.10)


@dataclass(frozen=True)
class World:
    """Parameters of one world. Shape: (n_regions,) where not said otherwise."""

    seed: int
    days: int
    length: int
    tau: float
    drift: float
    size: Array
    follows: Array
    climate: Array  # (n_regions, 3)
    weekend: Array
    week: Array  # (7,)
    phase: float
    memory: Array
    own: Array
    trend: Array
    scatter: Array
    ramp: float
    treated: NDArray[np.intp]

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(f"r{place:02d}" for place in range(len(self.size)))


@dataclass(frozen=True)
class Course:
    """Outcomes as they came, and the lift that was put in (share of the expected)."""

    panel: Panel
    treated: tuple[str, ...]
    first: date
    last: date
    lift: float


def world(
    seed: int,
    kind: Kind = STEADY,
    *,
    days: int | None = None,
    length: int | None = None,
) -> World:
    """A world: 24 to 60 regions, tests of 14 to 28 days after 84 to 182 days."""
    rng = np.random.default_rng([41, seed])
    regions = int(rng.integers(24, 61))
    length = length or int(rng.choice([14, 21, 28]))
    days = days or int(rng.integers(max(84, 4 * length), 183)) + length
    size = np.exp(rng.normal(0.0, 0.8, regions))
    low, high = np.log(kind.volume)
    size *= np.exp(rng.uniform(low, high)) / size.mean()
    return World(
        seed=seed,
        days=days,
        length=length,
        tau=float(rng.choice([0.0, 0.05, 0.10, 0.15])),
        drift=kind.drift,
        size=size,
        follows=rng.normal(1.0, 0.2, regions),
        climate=rng.dirichlet(np.full(3, 0.5), regions),
        weekend=rng.normal(0.0, 0.08, regions),
        week=rng.normal(0.0, 0.15, 7),
        phase=float(rng.uniform(0.0, 365.0)),
        memory=rng.uniform(0.4, 0.9, regions),
        own=np.exp(rng.normal(np.log(0.025), 0.5, regions)),
        trend=rng.normal(0.0, 0.0002, regions),
        scatter=np.exp(rng.normal(np.log(400.0), 0.7, regions)),
        ramp=float(rng.uniform(0.5, 4.0)),
        treated=_treated(rng, size, kind),
    )


def _treated(rng: np.random.Generator, size: Array, kind: Kind) -> NDArray[np.intp]:
    """Drawn by lot, again until they are a share of all that is worth testing."""
    count = int(rng.integers(kind.treated[0], kind.treated[1] + 1))
    while True:
        chosen = np.sort(rng.choice(len(size), count, replace=False))
        if size[chosen].sum() >= kind.share * size.sum():
            return chosen


def course(
    world: World,
    *,
    replica: int = 0,
    tau: float | None = None,
    treated: NDArray[np.intp] | None = None,
) -> Course:
    """The outcomes of one course of a world, with the effect in the test's days."""
    rng = np.random.default_rng([43, world.seed, replica])
    chosen = world.treated if treated is None else treated
    start, days = world.days - world.length, world.days
    expected = np.exp(_log_rates(rng, world, chosen)) * world.size
    effect = world.tau if tau is None else tau
    lifted = expected.copy()
    lifted[start:, chosen] *= 1 + effect * sets_in(world, world.length)[:, None]
    values = rng.poisson(rng.gamma(world.scatter, lifted / world.scatter))
    before, after = expected[start:, chosen].sum(), lifted[start:, chosen].sum()
    calendar = tuple(FIRST + timedelta(days=day) for day in range(days))
    return Course(
        panel=Panel(calendar, world.regions, values.astype(np.float64)),
        treated=tuple(world.regions[place] for place in chosen),
        first=calendar[start],
        last=calendar[-1],
        lift=float(after / before - 1),
    )


def sets_in(world: World, days: int) -> Array:
    """Share of the effect that has set in by each day of a test. Shape: (days,)."""
    share: Array = 1 - np.exp(-np.arange(1, days + 1) / world.ramp)
    return share


def _log_rates(
    rng: np.random.Generator, world: World, chosen: NDArray[np.intp]
) -> Array:
    """Log of what a region of size 1 expects. Shape: (n_days, n_regions)."""
    days, regions = world.days, len(world.size)
    day = np.arange(days)
    national = world.week[day % 7] + 0.25 * np.sin(
        2 * np.pi * (day + world.phase) / 365
    )
    national = national + 0.10 * _moving(rng, np.full(1, 0.9), days)[:, 0]
    climates = 0.12 * _moving(rng, np.full(3, 0.97), days)
    rates = (
        national[:, None] * world.follows
        + climates @ world.climate.T
        + (day % 7 >= 5)[:, None] * world.weekend
        + _moving(rng, world.memory, days) * world.own
        + day[:, None] * world.trend
    )
    promoted = rng.random((days, regions)) < 0.004
    rates += promoted * rng.uniform(0.1, 0.6, (days, regions))
    if world.drift:
        own = _moving(rng, np.full(1, 0.98), days)[:, 0]
        rates[:, chosen] += (world.drift * (own + day / 90))[:, None]
    return rates


def _moving(rng: np.random.Generator, memory: Array, days: int) -> Array:
    """Series of variance 1 that remember. Shape: memory (n,); returns (n_days, n)."""
    shocks = rng.standard_normal((days, len(memory)))
    series = shocks.copy()
    for day in range(1, days):
        series[day] = memory * series[day - 1] + np.sqrt(1 - memory**2) * shocks[day]
    return series
