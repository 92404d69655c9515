"""The crowd: everybody beside our persons, only ever as counts.

Of a line's impressions the persons' part is taken away; the rest watches as a chain of binomials in
the order of the thresholds' seconds, so every count is monotone by construction. Platform totals
are persons + crowd. Clicks come from persons alone, else there were clicks without sessions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.bought import Bought
from ingestion.world.channels import CODE, PAID
from ingestion.world.frames import Array
from ingestion.world.hashing import binomial, hash01
from ingestion.world.settings import WorldSettings
from ingestion.world.traits import Traits, survival, tired_hook

# Measures that are reached by watching, in the order of Thresholds' columns.
# fmt: off
WATCHED = ("plays_2s", "plays_3s", "plays_6s", "plays_15s", "plays_30s",
           "p25", "p50", "p75", "p95", "p100")
# fmt: on
COMPLETE = 0.97  # of the duration counts as watched to the end
ENGAGEMENT = {  # per start
    "likes": 0.012,
    "dislikes": 0.0005,
    "comments": 0.001,
    "shares": 0.003,
    "saves": 0.002,
    "subscribers_gained": 0.0018,
    "subscribers_lost": 0.0004,
}
VIEWS_REDEFINED, VIEWS_RAISED = 299, 1.18  # story S15: day, factor
MEASURES = (
    "impressions",
    "reach",
    "views",
    "starts",
    *WATCHED,
    "thruplays",
    "watch_seconds",
    "clicks",
    "spend_cents",
    *ENGAGEMENT,
)


@dataclass(frozen=True)
class Delivery:
    """Final daily totals from day 0. Shapes: (placements, days) and (paid, regions, days)."""

    totals: dict[str, Array]
    paid: Array  # rows of placements that the region arrays speak of
    by_region: dict[str, Array]


def thresholds(seconds: Array) -> Array:
    """Second at which each measure of WATCHED is reached. Shape (len(seconds), 10)."""
    end = COMPLETE * seconds
    fixed = [np.minimum(limit, end) for limit in (2.0, 3.0, 6.0, 15.0, 30.0)]
    parts = [share * seconds for share in (0.25, 0.5, 0.75, 0.95)]
    return np.stack([*fixed, *parts, end], axis=1)


def watch_chain(
    settings: WorldSettings, traits: Traits, lines: Bought, crowd: Array, days: Array
) -> dict[str, Array]:
    """Starts, thresholds and watched seconds of the crowd, shape (lines, days)."""
    p = lines.placement
    age = days - traits.start[p][:, None]
    hook = traits.hook[p][:, None] * tired_hook(age, traits.half_life[p][:, None])
    begin, spread = traits.start_rate[p][:, None], traits.spread[p][:, None]
    seed, number = settings.seed, np.arange(len(p))[:, None]
    key = (p * 16 + lines.region + 1)[:, None]
    out = {"starts": binomial(crowd, begin + 0 * hook, seed, "crowd start", key, days)}
    at = thresholds(traits.seconds[p])
    turn = np.argsort(at, axis=1, kind="stable")
    drop_second = (traits.drop_at * traits.seconds)[p][:, None]
    left, before, when = out["starts"], begin + 0 * hook, np.zeros_like(at[:, :1])
    watched = np.zeros(crowd.shape)
    reached = np.zeros((len(WATCHED), *crowd.shape), dtype=np.int64)
    for step in range(len(WATCHED)):
        column = turn[:, step]
        now = at[number[:, 0], column][:, None]
        share = survival(now, hook, begin, spread)
        share = np.where(
            now > drop_second, share * (1 - traits.drop[p][:, None]), share
        )
        stay = binomial(left, share / before, seed, f"crowd {step}", key, days)
        middle = np.where(now <= 3.0, when + 0.25 * (now - when), 0.5 * (when + now))
        watched += (left - stay) * middle
        reached[column, number[:, 0]] = stay
        left, before, when = stay, share, now
    watched += left * when
    out |= {name: reached[i] for i, name in enumerate(WATCHED)}
    out["watch_seconds"] = np.rint(watched).astype(np.int64)
    return out


def deliver(
    settings: WorldSettings,
    traits: Traits,
    lines: Bought,
    persons: dict[str, Array],
    players: dict[str, Array],
) -> Delivery:
    """Platform totals from day 0.

    Shape: `persons` (lines, days) of every measure of exposed persons; `players` (placements,
    days) of the sources that have no crowd (site player, sales room, e-mail).
    """
    skip = settings.burn_in_days
    days = np.arange(settings.horizon)
    shown = lines.impressions[:, skip:]
    tube = (lines.region < 0) & (
        traits.channel[lines.placement] == CODE["youtube_organic"]
    )
    watching = np.where(tube[:, None], lines.views[:, skip:], shown)
    crowd = np.maximum(watching - persons["impressions"], 0)
    chain = watch_chain(settings, traits, lines, crowd, days)
    total = {
        name: chain[name] + persons[name]
        for name in ("starts", *WATCHED, "watch_seconds")
    }
    total["impressions"] = np.maximum(shown, persons["impressions"])
    total["clicks"] = persons["clicks"]
    paid_line = lines.region >= 0
    spend = np.rint(total["impressions"] * lines.cpm_cents[:, skip:] / 1000).astype(
        np.int64
    )
    total["spend_cents"] = spend * paid_line[:, None]
    count = len(traits.channel)
    sums = {
        name: _by_placement(lines.placement, values, count)
        for name, values in total.items()
    }
    for name, values in players.items():
        sums[name] = sums[name] + values
    _add_on(settings, traits, sums)
    paid = np.flatnonzero(np.isin(traits.channel, [CODE[name] for name in PAID]))
    return Delivery(totals=sums, paid=paid, by_region=_by_region(lines, total, paid))


def _by_placement(placement: Array, values: Array, count: int) -> Array:
    out = np.zeros((count, values.shape[1]), dtype=np.int64)
    np.add.at(out, placement, values)
    return out


def _by_region(lines: Bought, total: dict[str, Array], paid: Array) -> dict[str, Array]:
    row_of = {int(p): i for i, p in enumerate(paid)}
    rows = np.flatnonzero(lines.region >= 0)
    first = np.array([row_of[int(p)] for p in lines.placement[rows]], dtype=np.int64)
    out = {}
    for name in ("impressions", "clicks", "spend_cents", "starts", "plays_3s"):
        cube = np.zeros((len(paid), 12, total[name].shape[1]), dtype=np.int64)
        if len(rows):
            cube[first, lines.region[rows]] = total[name][rows]
        out[name] = cube
    return out


def _add_on(settings: WorldSettings, traits: Traits, sums: dict[str, Array]) -> None:
    """Thruplays, reach and engagement, which follow from the totals."""
    number = np.arange(len(traits.channel))[:, None]
    days = np.arange(settings.horizon)
    feed = np.isin(
        traits.channel, [CODE[c] for c in ("youtube_organic", "social_organic", *PAID)]
    )
    sums["thruplays"] = sums["plays_15s"].copy()
    sums["views"] = sums["starts"].copy()
    if settings.tells("S15"):  # the video platform counts more from this day on
        tube = np.flatnonzero(traits.channel == CODE["youtube_organic"])
        luck = hash01(settings.seed, "redefined", tube[:, None], days)
        more = np.floor(sums["starts"][tube] * VIEWS_RAISED + luck).astype(np.int64)
        sums["views"][tube] = np.where(
            days >= VIEWS_REDEFINED, more, sums["starts"][tube]
        )
    once = 0.78 + 0.16 * hash01(settings.seed, "reach", number, days)
    sums["reach"] = np.ceil(sums["impressions"] * once).astype(np.int64)
    rows = np.flatnonzero(feed)
    for name, rate in ENGAGEMENT.items():
        values = np.zeros_like(sums["starts"])
        values[rows] = binomial(
            sums["starts"][rows],
            np.array(rate),
            settings.seed,
            name,
            number[rows],
            days,
        )
        sums[name] = values
