"""What exposures do: how effects fade and bend (never as in the model), how they add.

Not here: exposures themselves, the truth about a hazard (truth.py).
"""

from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.attribution.exposures import (
    DAYS,
    NAMES,
    REFERRAL,
    SEARCH,
    SENDERS,
    VIDEOS,
    WORTH,
    Array,
    Block,
    Exposures,
)
from benchmarks.attribution.truth import Hazard

Bools = NDArray[np.bool_]


def hazard(
    random: Generator, touches: Exposures, clock: Array, log_mu: Block, mix: str
) -> tuple[Hazard, dict[int, list[Block]]]:
    """The hazard before it is scaled, and each video's part of its channel's doses."""
    worth = WORTH[mix] * np.exp(0.5 * random.standard_normal(len(NAMES)))
    worth[REFERRAL] = 0.0 if random.random() < 0.6 else worth[REFERRAL]
    quality = np.exp(0.5 * random.standard_normal((len(NAMES), VIDEOS)))
    sums: list[Block] = []
    parts: dict[int, list[Block]] = {}
    halo: dict[tuple[int, int], Block] = {}
    for c in range(len(NAMES)):
        mine = touches.channel == c
        dose = np.ones(mine.sum())
        if c in SENDERS:
            dose = quality[c, touches.video[mine]] * (
                0.3 + 1.7 * touches.watched[mine] ** random.uniform(0.7, 1.5)
            )
        carried = partial(_carried, touches, clock, mine, dose, _kernel(random))
        everything = carried(np.ones(mine.sum(), dtype=bool))
        bent = _bending(random)
        whole = bent(everything)
        scale = worth[c] / max(float(whole.mean()), 1e-12)
        sums.append((scale * whole).astype(np.float32))
        if c == SEARCH:
            by = touches.sender[mine]
            for key in product((0, 1), repeat=2):
                on = (by == -1) | np.isin(by, np.array(SENDERS)[np.array(key) == 1])
                there = everything if on.all() else carried(on)
                halo[key] = (scale * bent(there)).astype(np.float32)
        if c in SENDERS:
            held = np.maximum(everything, 1e-12)
            parts[c] = [
                (carried(touches.video[mine] == v) / held).astype(np.float32)
                for v in range(VIDEOS)
            ]
    form = str(random.choice(["additive", "multiplicative", "mixed", "rooted"]))
    return Hazard(form, sums, (SEARCH, *SENDERS), halo, log_mu), parts


def _carried(
    touches: Exposures,
    clock: Array,
    mine: Bools,
    dose: Array,
    kernel: Array,
    kept: Bools,
) -> Block:
    """Decayed doses at every person-day's moment; of that day, what came before it."""
    shape = clock.shape
    who, day = touches.person[mine][kept], touches.day[mine][kept]
    before = touches.hour[mine][kept] < clock[who, day]
    cells = who * DAYS + day
    whole = np.bincount(cells, dose[kept], clock.size).reshape(shape)
    early = np.bincount(cells[before], dose[kept][before], clock.size).reshape(shape)
    ages = np.abs(np.subtract.outer(np.arange(DAYS), np.arange(DAYS)))
    later = np.triu(kernel[ages], 1).astype(np.float32)
    return whole.astype(np.float32) @ later + kernel[0] * early


def _kernel(random: Generator) -> Array:
    """Weight of an exposure by its age in days."""
    age = np.arange(DAYS) + 0.3
    style = random.choice(["power", "window", "exponential", "hump"])
    if style == "power":
        return (1 + age / random.uniform(1, 4)) ** -random.uniform(1.0, 2.0)
    if style == "window":
        return (age < random.integers(3, 21)).astype(float)
    if style == "hump":
        peak = random.uniform(1, 4)
        return age / peak * np.exp(1 - age / peak)
    return np.exp(-age / random.uniform(2, 14))


def _bending(random: Generator) -> Callable[[Block], Block]:
    """How more of the same adds less."""
    style, scale = (
        random.choice(["log", "ceiling", "root", "none"]),
        random.uniform(1, 4),
    )
    if style == "log":
        return lambda exposure: np.log1p(exposure / scale)
    if style == "ceiling":
        return lambda exposure: 1 - np.exp(-exposure / scale)
    if style == "root":
        return lambda exposure: exposure**0.7
    return lambda exposure: exposure
