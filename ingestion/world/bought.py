"""What money buys: impressions and spend per placement, region and day, flights included.

A line is one placement in one region (region -1: a feed that nobody pays for). Days run from
-burn_in to the horizon. Not here: who sees an impression (exposure.py), what a crowd does with it
(crowd.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world import seasons
from ingestion.world.channels import CODE, FEED_ORGANIC, MARKETS, PROSPECTING
from ingestion.world.company import MARKET_CURRENCY, MARKET_SHARE, REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal, poisson
from ingestion.world.money import BASE_RATE
from ingestion.world.placements import Catalogue
from ingestion.world.settings import WorldSettings
from ingestion.world.traits import Traits

ON_SHARE = 0.55  # of region weeks in which a campaign is on
BLOCK_SHARE = 0.50  # of region blocks of four weeks, brand film
ORGANIC_VIEWS_A_DAY = 345.0  # of a new video of size 1, at default size
SOCIAL_IMPRESSIONS_A_DAY = 420.0
THUMBNAIL_RATE = 0.045
SHORT_FLIGHT = 75  # days; so short a flight runs in all its regions at once


@dataclass(frozen=True)
class Bought:
    """Arrays of shape (lines, days from -burn_in)."""

    placement: Array  # (lines,)
    region: Array  # (lines,) -1 for organic feeds
    impressions: Array  # int64; retargeting: 0, its persons are counted later
    views: Array  # int64, organic feeds only: the views a platform will count
    cpm_cents: Array  # int64, native currency, per 1,000 impressions
    live: Array  # bool: the line may show its ad today


def build_bought(
    settings: WorldSettings, catalogue: Catalogue, traits: Traits
) -> Bought:
    days = np.arange(-settings.burn_in_days, settings.horizon)
    placements = catalogue.placements
    line_of: list[tuple[int, int]] = []
    for p, (name, market) in enumerate(
        zip(placements["channel"], placements["market"], strict=True)
    ):
        if name in FEED_ORGANIC:
            line_of.append((p, -1))
        elif MARKETS[CODE[name]].cpm_usd:
            line_of += [
                (p, r) for r, region in enumerate(REGIONS) if region.market == market
            ]
    lines = np.array(line_of, dtype=np.int64).reshape(-1, 2)
    placement, region = lines[:, 0], lines[:, 1]
    live = (days >= traits.start[placement, None]) & (
        days <= traits.end[placement, None]
    )
    live &= (region[:, None] < 0) | _flights(settings, traits, placement, region, days)
    cpm = _cpm_cents(settings, catalogue, traits, placement, days)
    impressions = (
        _paid(settings, catalogue, traits, placement, region, days, cpm) * live
    )
    views, shown = _organic(settings, traits, placement, days)
    organic = region < 0
    return Bought(
        placement=placement,
        region=region,
        impressions=np.where(organic[:, None], shown * live, impressions),
        views=np.where(organic[:, None], views * live, 0),
        cpm_cents=cpm,
        live=live,
    )


def _flights(
    settings: WorldSettings,
    traits: Traits,
    placement: Array,
    region: Array,
    days: Array,
) -> Array:
    seed, week = settings.seed, np.floor_divide(days + 700, 7)
    channel = traits.channel[placement]
    weekly = hash01(seed, "flight", channel[:, None], region[:, None], week) < ON_SHARE
    if settings.demand_jumps:  # buyers of media chase demand
        weekly |= demand(settings, days) > 1.2
    block = hash01(seed, "block", region[:, None], week // 4) < BLOCK_SHARE
    on = np.where(traits.blocks[placement][:, None], block, weekly)
    always = traits.channel == CODE["retargeting"]
    short = (
        traits.end - traits.start <= SHORT_FLIGHT
    )  # launches and bursts run everywhere
    return on | (always | short)[placement][:, None]


def demand(settings: WorldSettings, days: Array) -> Array:
    """Factor on intent; 1 but in worlds with demand jumps (four-week bursts)."""
    if not settings.demand_jumps:
        return np.ones(len(days))
    burst = np.floor_divide(days + 700, 28)
    return np.where(hash01(settings.seed, "demand", burst) < 0.25, 1.7, 1.0)


def _cpm_cents(
    settings: WorldSettings,
    catalogue: Catalogue,
    traits: Traits,
    placement: Array,
    days: Array,
) -> Array:
    market = catalogue.placements["market"]
    rate = np.array([BASE_RATE[MARKET_CURRENCY[m]] for m in market])
    base = np.array([MARKETS[c].cpm_usd for c in traits.channel]) / rate
    number = np.arange(len(market))
    creative = np.exp(0.08 * normal(settings.seed, "cpm", number))
    daily = np.exp(0.05 * normal(settings.seed, "cpm day", number[:, None], days))
    month = seasons.factor(seasons.CPM_MONTH, seasons.months(int(days[0]), len(days)))
    cents = np.rint(100 * (base * creative)[:, None] * daily * month).astype(np.int64)
    return np.asarray(cents[placement])


def _paid(
    settings: WorldSettings,
    catalogue: Catalogue,
    traits: Traits,
    placement: Array,
    region: Array,
    days: Array,
    cpm_cents: Array,
) -> Array:
    budget = _daily_usd(settings, catalogue, traits, days)[placement]
    shares = np.array([r.share / MARKET_SHARE[r.market] for r in REGIONS])
    on_share = np.where(traits.blocks, BLOCK_SHARE, ON_SHARE)
    on_share = np.where(traits.end - traits.start <= SHORT_FLIGHT, 1.0, on_share)[
        placement
    ]
    weekday = seasons.factor(
        seasons.FEED_WEEKDAY, seasons.weekdays(int(days[0]), len(days))
    )
    noise = np.exp(0.12 * normal(settings.seed, "delivery", placement[:, None], days))
    rate = np.array(
        [BASE_RATE[MARKET_CURRENCY[m]] for m in catalogue.placements["market"]]
    )
    native = budget / rate[placement, None] * (shares[region] / on_share)[:, None]
    exact = native * weekday * noise / np.maximum(cpm_cents, 1) * 100_000
    return np.floor(
        exact + hash01(settings.seed, "last one", placement[:, None], days)
    ).astype(np.int64)


def _daily_usd(
    settings: WorldSettings, catalogue: Catalogue, traits: Traits, days: Array
) -> Array:
    """Budget per placement and day: its share of the channel's, or its own flight's. (p, days)."""
    market = catalogue.placements["market"]
    live = (days >= traits.start[:, None]) & (days <= traits.end[:, None])
    weight = np.where(catalogue.extra_usd > 0, 0.0, catalogue.weight)
    scale = settings.media_usd_per_year / 167_000
    out = np.zeros((len(market), len(days)))
    for name in PROSPECTING:
        channel = traits.channel == CODE[name]
        for key, share in MARKET_SHARE.items():
            rows = channel & (market == key)
            claim = live[rows] * weight[rows, None]
            total = np.maximum(claim.sum(0), 1e-9)
            out[rows] = (
                claim / total * MARKETS[CODE[name]].yearly_usd / 365 * share * scale
            )
    own = catalogue.extra_usd > 0
    length = (traits.end - traits.start + 1)[own, None]
    out[own] = live[own] * catalogue.extra_usd[own, None] / length
    return out


def _organic(
    settings: WorldSettings, traits: Traits, placement: Array, days: Array
) -> tuple[Array, Array]:
    """Views and impressions of feeds; zero rows for bought lines."""
    seed, number = settings.seed, placement[:, None]
    age = days - traits.start[placement][:, None]
    tube = (traits.channel[placement] == CODE["youtube_organic"])[:, None]
    size = traits.organic_size[placement][:, None] * settings.scale
    calendar = _feed_calendar(days)
    noise = np.exp(0.15 * normal(seed, "feed day", number, days))
    views = poisson(
        np.where(tube, ORGANIC_VIEWS_A_DAY * size * decay(age) * calendar * noise, 0.0),
        seed,
        "views",
        number,
        days,
    )
    unclicked = poisson(
        views * (1 / THUMBNAIL_RATE - 1), seed, "thumbnails", number, days
    )
    post = np.where(
        tube, 0.0, SOCIAL_IMPRESSIONS_A_DAY * size * decay(age) * calendar * noise
    )
    posts = poisson(post, seed, "posts", number, days)
    return views, np.where(tube, views + unclicked, posts)


def decay(age: Array) -> Array:
    """A video's daily audience by age in days; 0 before it exists."""
    old = np.maximum(age, 0)
    shape = 0.8 * np.exp(-old / 14.0) + 0.2 * (1.0 + old / 40.0) ** -0.5
    return np.where(age >= 0, shape, 0.0)


def _feed_calendar(days: Array) -> Array:
    first, count = int(days[0]), len(days)
    return seasons.factor(
        seasons.FEED_WEEKDAY, seasons.weekdays(first, count)
    ) * seasons.factor(seasons.MONTH, seasons.months(first, count))


def prior_views(settings: WorldSettings, traits: Traits) -> Array:
    """Expected views before day 0, per placement: the base of lifetime counters."""
    ages = np.arange(0, 721)
    grown = np.concatenate([[0.0], np.cumsum(decay(ages))])
    age_at_zero = np.clip(-traits.start, 0, 720)
    tube = traits.channel == CODE["youtube_organic"]
    total = (
        ORGANIC_VIEWS_A_DAY * settings.scale * traits.organic_size * grown[age_at_zero]
    )
    return np.where(tube, np.rint(total), 0).astype(np.int64)
