"""Companies whose truth is known: people with intent nobody sees, and what moved them.

Structure is drawn anew for every seed. Effects fade by power laws, windows, humps or one
exponential, saturate by a logarithm, a ceiling, a root or not at all: never as in the
model; they add up in its three forms or in a fourth; intent drifts, has a skew or comes in
episodes. A method sees `World.inputs` and nothing
else. Not here: what the truth is (truth.py), methods (methods.py).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from benchmarks.attribution import effects, exposures
from benchmarks.attribution.exposures import (
    DAYS,
    DIRECT,
    NAMES,
    PAID_SEARCH,
    PAID_VIDEO,
    RETARGETING,
    SEARCH,
    VIDEO,
    VIDEOS,
    Array,
    Ints,
    Logged,
)
from benchmarks.attribution.truth import shares
from warehouse.attribution.causal.inputs import (
    Channels,
    Conversions,
    Inputs,
    People,
    Touches,
)


@dataclass(frozen=True)
class World:
    """What a method may see, and beside it the truth.

    Shape: truth (channels,) by Shapley, removal (channels,) what a test of a bought one
    would find, video_truth (channels, videos), video (touches,), -1 for none.
    Units: conversions in the window. `broken`: the structure defies the method on purpose.
    """

    seed: int
    inputs: Inputs
    truth: Array
    removal: Array
    video_truth: Array
    video: Ints
    broken: bool
    said: str
    bought: tuple[int, int] = field(default=(PAID_VIDEO, RETARGETING))


def world(
    seed: int,
    *,
    people: int = 40_000,
    conversions: float = 0.0,
    kind: str = "natural",
    caused: float | None = None,
    mix: str = "hidden",
) -> World:
    """`kind`: natural, follows (flights go where demand is) or jumps (demand does).

    `caused` is the share of conversions that channels cause; drawn if not given. `mix`
    says whose effects are large (exposures.WORTH).
    """
    random = np.random.default_rng([seed, 77])
    target = conversions or random.uniform(1_300, 2_800) * people / 40_000
    region = random.integers(0, int(random.integers(8, 17)), people)
    people_of = exposures.intent(random, people, kind)
    subscribed = random.random(people) < random.uniform(0.2, 0.7)
    demand = exposures.demand(random, region.max() + 1, kind)
    wants = people_of.course + people_of.jump
    rates = exposures.rates(random, wants, region, subscribed, demand, kind)
    counts = [random.poisson(np.minimum(rate, 3.0)) for rate in rates]
    sent = exposures.sent_on(random, counts)
    counts[RETARGETING] *= exposures.eligible(random, [*counts, *sent])
    clock = random.random((people, DAYS))
    touches = exposures.listed(random, counts, sent)
    week = np.exp(0.15 * random.standard_normal(7))[np.arange(DAYS) % 7]
    strength = random.uniform(0.3, 1.1)
    log_mu = strength * people_of.course + np.log(week)
    log_mu += demand[region][:, np.arange(DAYS) // 7]
    log_mu += (1.8 if kind == "jumps" else 1.0) * strength * people_of.jump
    log_mu += 0.3 * random.standard_normal(region.max() + 1)[region][:, None]
    hazard, parts = effects.hazard(
        random, touches, clock, log_mu.astype(np.float32), mix
    )
    share = random.uniform(0.1, 0.66)
    hazard = hazard.made(target, share if caused is None else caused)
    truth, video_truth = shares(hazard, parts, VIDEOS)
    happens = hazard.all()
    who, day = np.nonzero(random.random((people, DAYS)) < happens)
    removal = np.zeros(len(NAMES))
    for c in (PAID_VIDEO, RETARGETING):
        removal[c] = happens.sum(dtype=np.float64) - hazard.total(without=c)
    inputs, video = _told(
        random,
        exposures.seen(random, touches, who, day, clock),
        who,
        day + clock[who, day],
        region,
        people_of.covariates,
        np.column_stack([people_of.category, subscribed]).astype(np.int64),
    )
    said = (
        f"{people_of.style}, {hazard.form}, {truth.sum() / hazard.total():.0%} caused"
    )
    said += f", {len(who)}"
    return World(
        seed, inputs, truth, removal, video_truth, video, kind != "natural", said
    )


def _told(
    random: Generator,
    logged: Logged,
    who: Ints,
    at: Array,
    region: Ints,
    covariates: Array,
    categories: Ints,
) -> tuple[Inputs, Ints]:
    """Arrays as a method gets them; of non-converters only a share may be kept."""
    people = len(region)
    share = random.choice([1.0, 1.0, 0.5, 0.25, 0.1])
    converts = np.zeros(people, dtype=bool)
    converts[who] = True
    kept = converts | (random.random(people) < share)
    place = np.cumsum(kept) - 1
    mine = kept[logged.person]
    order = np.lexsort((logged.at[mine], logged.person[mine]))
    picked = np.flatnonzero(mine)[order]
    c, watched = logged.channel[picked], logged.watched[picked]
    dose = np.ones(len(picked))
    for each in (VIDEO, PAID_VIDEO):
        of = c == each
        dose[of] = 0.5 + 0.5 * watched[of] / max(float(np.nanmean(watched[of])), 1e-9)
    order = np.lexsort((at, who))
    flags = np.arange(len(NAMES))
    return Inputs(
        channels=Channels(
            names=NAMES,
            navigational=np.isin(flags, (SEARCH, PAID_SEARCH, DIRECT)),
            null=flags == DIRECT,
            bought=np.isin(flags, (PAID_VIDEO, RETARGETING)),
            video=np.isin(flags, (VIDEO, PAID_VIDEO)),
        ),
        touches=Touches(place[logged.person[picked]], c, logged.at[picked], dose),
        conversions=Conversions(
            place[who[order]], at[order], random.lognormal(4.0, 0.5, len(who))
        ),
        people=People(
            np.where(converts, 1.0, 1 / share)[kept],
            region[kept],
            covariates[kept],
            categories[kept],
        ),
        coverage=logged.coverage,
    ), logged.video[picked]
