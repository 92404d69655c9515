"""People with intent nobody sees, what they are exposed to, and what of that is logged.

Names and sizes of the simulated channels lie here too. Not here: effects (effects.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float64]
Block = NDArray[np.float32]
Ints = NDArray[np.int64]

NAMES = (
    "organic_search",
    "paid_search",
    "direct",
    "email",
    "organic_video",
    "paid_video",
    "retargeting",
    "referral",
)
SEARCH, PAID_SEARCH, DIRECT, EMAIL, VIDEO, PAID_VIDEO, RETARGETING, REFERRAL = range(8)
SENDERS = (VIDEO, PAID_VIDEO)  # of visits by search
DAYS = 56
VIDEOS = 6
# Touches a day, how far they follow intent (before strength), and shares of all effect.
MASS = np.array([0.024, 0.014, 0.022, 0.016, 0.020, 0.018, 0.026, 0.010])
PULL = np.array([0.9, 0.9, 1.0, 0.4, 0.4, 0.25, 0.7, 0.9])
WORTH = {
    # search, direct and retargeting fill the log; video does most of the work
    "hidden": np.array([0.12, 0.06, 0.0, 0.09, 0.31, 0.26, 0.10, 0.06]),
    # the log shows effects in about their proportions: rules have an easy time
    "shown": np.array([0.25, 0.12, 0.0, 0.14, 0.16, 0.14, 0.13, 0.06]),
}


@dataclass(frozen=True)
class Intent:
    """Shape: course and jump (people, days), covariates (people, n), category (people,).

    `course` drifts around a level that covariates show in part; `jump` comes at once.
    """

    course: Array
    jump: Array
    covariates: Array
    category: Ints
    style: str


@dataclass(frozen=True)
class Exposures:
    """Every exposure there was. Shape: all (exposures,); `sender` -1: came by itself."""

    person: Ints
    channel: Ints
    day: Ints
    hour: Array
    video: Ints
    watched: Array
    sender: Ints


@dataclass(frozen=True)
class Logged:
    """Shape: (touches,), coverage (channels,) logged / delivered. Units: `at` days."""

    person: Ints
    channel: Ints
    at: Array
    video: Ints
    watched: Array
    coverage: Array


def intent(random: Generator, people: int, kind: str) -> "Intent":
    """Some companies have steady people, some a skew, some people who suddenly need it."""
    style = random.choice(["normal", "skewed", "episodes"])
    level = random.standard_normal(people)
    if style == "skewed":
        level = np.minimum(random.gamma(1.5, size=people), 4.5)
        level = (level - level.mean()) / level.std()
    course = np.repeat(level[:, None], DAYS, axis=1)
    rho, wide = random.uniform(0.85, 0.98), random.uniform(0.3, 0.9)
    step = np.sqrt(1 - rho**2)
    moving = random.standard_normal(people)
    for day in range(DAYS):
        moving = rho * moving + step * random.standard_normal(people)
        course[:, day] += wide * moving
    jump = np.zeros((people, DAYS))
    if style == "episodes" or kind == "jumps":
        begins, lasts = (
            random.integers(-5, DAYS, people),
            random.integers(5, 15, people),
        )
        hit = random.random(people) < 0.15
        on = (np.arange(DAYS) >= begins[:, None]) & (
            np.arange(DAYS) < (begins + lasts)[:, None]
        )
        jump = on * hit[:, None] * random.uniform(1.0, 1.8)
    noise = random.uniform(0.6, 2.0, random.integers(2, 4))
    covariates = level[:, None] + noise * random.standard_normal((people, noise.size))
    category = np.digitize(
        0.5 * level + random.standard_normal(people), [-1.0, -0.2, 0.5, 1.2]
    )
    return Intent(course, jump, covariates, category, str(style))


def demand(random: Generator, regions: int, kind: str) -> Array:
    """Log demand by region and week. Shape: (regions, weeks)."""
    return random.standard_normal((regions, DAYS // 7)) * (
        0.5 if kind == "follows" else 0.08
    )


def rates(
    random: Generator,
    intent: Array,
    region: Ints,
    subscribed: Array,
    demand: Array,
    kind: str,
) -> list[Block]:
    """Expected touches, channel by channel. Shape: each (people, days)."""
    strength = random.uniform(0.25, 1.0)
    mass = MASS * np.exp(0.35 * random.standard_normal(len(NAMES)))
    by_day = np.exp(0.15 * random.standard_normal((len(NAMES), DAYS)))
    found = []
    for c in range(len(NAMES)):
        pull = strength * PULL[c]
        rate = mass[c] * np.exp(pull * intent - 0.75 * pull**2) * by_day[c]
        if c in (PAID_VIDEO, RETARGETING):
            on = random.random(demand.shape) < 0.55
            if kind == "follows":
                on = demand + 0.2 * random.standard_normal(demand.shape) > 0
            level = np.where(on, 1.7, 0.15)[region]
            rate = rate * level[:, np.arange(DAYS) // 7]
        if c == EMAIL:
            rate = rate * np.where(subscribed, 1.6, 0.02)[:, None]
        found.append(rate.astype(np.float32))
    return found


def sent_on(random: Generator, counts: list[Ints]) -> list[Ints]:
    """Halo: visits by search within days of a view, one block for each kind of video."""
    part = random.choice([0.0, 0.04, 0.12])
    found = []
    for c in (VIDEO, PAID_VIDEO):
        late = np.zeros_like(counts[c])
        for lag, share in ((0, 0.4), (1, 0.4), (2, 0.2)):
            late[:, lag:] += random.binomial(counts[c][:, : DAYS - lag], part * share)
        found.append(late)
    return found


def eligible(random: Generator, counts: list[Ints]) -> Ints:
    """Retargeting reaches only who visited in the last days, some days more or less."""
    window = int(random.choice([7, 14, 21]))
    blocks = [
        counts[SEARCH],
        counts[PAID_SEARCH],
        counts[DIRECT],
        *counts[len(NAMES) :],
    ]
    visits = (sum(blocks) > 0).cumsum(axis=1)
    before = np.pad(visits, ((0, 0), (1, 0)))[:, :-1]
    earlier = np.pad(before, ((0, 0), (window, 0)))[:, :DAYS]
    return before > earlier


def listed(random: Generator, counts: list[Ints], sent: list[Ints]) -> Exposures:
    """Every exposure with its hour, its video and the share watched."""
    blocks = [(c, -1, block) for c, block in enumerate(counts)]
    blocks += [(SEARCH, by, block) for by, block in zip(SENDERS, sent, strict=True)]
    person, channel, day, sender = [], [], [], []
    for c, by, block in blocks:
        who, when = np.nonzero(block)
        times = block[who, when]
        person.append(np.repeat(who, times))
        day.append(np.repeat(when, times))
        channel.append(np.full(int(times.sum()), c))
        sender.append(np.full(int(times.sum()), by))
    c = np.concatenate(channel)
    size = len(c)
    is_video = np.isin(c, (VIDEO, PAID_VIDEO))
    popular = random.dirichlet(np.full(VIDEOS, 3.0), len(NAMES))
    video = np.full(size, -1)
    for each in (VIDEO, PAID_VIDEO):
        video[c == each] = random.choice(
            VIDEOS, int((c == each).sum()), p=popular[each]
        )
    return Exposures(
        np.concatenate(person),
        c,
        np.concatenate(day),
        random.random(size),
        video,
        np.where(is_video, random.beta(1.2, 1.8, size), np.nan),
        np.concatenate(sender),
    )


def seen(
    random: Generator, touches: Exposures, who: Ints, day: Ints, clock: Array
) -> Logged:
    """What the log holds: some views only, and doorways, which conversions cause."""
    coverage = np.ones(len(NAMES))
    coverage[VIDEO] = random.choice([1.0, random.uniform(0.15, 0.9)], p=[0.3, 0.7])
    coverage[PAID_VIDEO] = random.choice([1.0, random.uniform(0.15, 0.9)], p=[0.3, 0.7])
    coverage[RETARGETING] = random.choice([1.0, random.uniform(0.5, 0.95)])
    logged = random.random(len(touches.person)) < coverage[touches.channel]
    delivered = np.bincount(touches.channel, minlength=len(NAMES))
    share = np.bincount(touches.channel[logged], minlength=len(NAMES)) / np.maximum(
        delivered, 1
    )
    through = random.random(len(who)) < random.uniform(0.0, 0.95)
    at = day + clock[who, day] - random.uniform(0.5, 25, len(who)) / 1440
    through &= at >= 0
    door = random.choice([SEARCH, PAID_SEARCH, DIRECT], len(who), p=[0.45, 0.2, 0.35])
    return Logged(
        person=np.concatenate([touches.person[logged], who[through]]),
        channel=np.concatenate([touches.channel[logged], door[through]]),
        at=np.concatenate([(touches.day + touches.hour)[logged], at[through]]),
        video=np.concatenate([touches.video[logged], np.full(through.sum(), -1)]),
        watched=np.concatenate(
            [touches.watched[logged], np.full(through.sum(), np.nan)]
        ),
        coverage=share,
    )
