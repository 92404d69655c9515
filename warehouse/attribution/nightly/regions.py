"""What was bought region by region, and how much of every lead it caused.

Leads without a region share the average of their week. Not here: the estimate
(warehouse/incrementality/flights.py).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from warehouse.attribution.causal.inputs import Array, Ints
from warehouse.attribution.nightly.leads import Leads
from warehouse.attribution.queries import sql
from warehouse.incrementality.flights import (
    WEEK,
    Flights,
    TooFewFlights,
    read_flights,
    refuse,
)
from warehouse.incrementality.merge import Finding
from warehouse.incrementality.store import Calibration

SEED = 20251101
SURE = 0.5  # leads: no test knows better
SAME_PLACES = 0.5  # of a channel's impressions, at least, where leads come from

Row = tuple[str, date, str, str, float]  # region, day, channel, video, impressions


@dataclass(frozen=True)
class Delivered:
    """What was bought, ready to be read. `place` are rows of it, -1 where no region is told.

    Shape: place (leads,). `keys` are channel and the video, where that is switched on
    purpose.
    """

    flights: Flights
    keys: list[tuple[str, str | None]]
    videos: list[dict[str, float]]
    place: Ints

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(channel for channel, _ in self.keys)


@dataclass(frozen=True)
class Merged:
    """The tests that a channel's flights were merged with. `se` is of all its units' sum."""

    test: Calibration
    se: float
    is_conflict: bool


@dataclass(frozen=True)
class Unit:
    """A channel bought by region, or one video of it that the team switches on purpose.

    `share` (leads,) is proportional to what each lead owes to it; `videos` splits it.
    Units: conversions.
    """

    channel: str
    video: str | None
    declared: bool
    total: float
    p05: float
    p95: float
    estimate: float
    se: float
    share: Array
    videos: dict[str, float]
    merged: Merged | None = None


def delivered(con: duckdb.DuckDBPyConnection, found: Leads) -> Delivered | None:
    """None where regions, weeks or leads are too few."""
    leads_from = {name for name in found.region if name}
    told = _comparable(con.execute(sql("nightly/delivery")).fetchall(), leads_from)
    declared = set(con.execute(sql("nightly/declared")).fetchall())
    regions = sorted({row[0] for row in told} | leads_from)
    place = {name: i for i, name in enumerate(regions)}
    shape = (len(regions), found.days)
    bought: dict[tuple[str, str | None], Array] = {}
    videos: dict[tuple[str, str | None], dict[str, float]] = {}
    for region, day, channel, video, impressions in told:
        at = (day - found.first_day).days
        if not 0 <= at < found.days:
            continue
        key = (channel, video if (channel, video) in declared else None)
        bought.setdefault(key, np.zeros(shape))[place[region], at] += impressions
        of = videos.setdefault(key, {})
        of[video] = of.get(video, 0.0) + impressions
    if not bought:
        return None
    keys = sorted(bought, key=lambda key: (key[0], key[1] or ""))
    where = np.array([place.get(name, -1) for name in found.region], dtype=np.int64)
    known = where >= 0
    outcomes = np.zeros(shape)
    np.add.at(outcomes, (where[known], found.day[known]), 1.0)
    is_declared = np.array([video is not None for _, video in keys])
    flights = Flights(outcomes, np.stack([bought[key] for key in keys]), is_declared)
    try:
        refuse(flights)
    except TooFewFlights:
        return None
    return Delivered(flights, keys, [videos[key] for key in keys], where)


def _comparable(told: Sequence[Row], leads_from: Collection[str]) -> list[Row]:
    """Without channels whose platform cuts places otherwise than the leads name theirs."""
    named: dict[str, float] = defaultdict(float)
    whole: dict[str, float] = defaultdict(float)
    for region, _, channel, _, impressions in told:
        named[channel] += impressions if region in leads_from else 0.0
        whole[channel] += impressions
    return [row for row in told if named[row[2]] >= SAME_PLACES * whole[row[2]]]


def units(
    bought: Delivered, found: Leads, tests: Sequence[Calibration] = ()
) -> list[Unit]:
    """Every unit with its effect; those of a tested channel are merged with its tests."""
    known = bought.place >= 0
    wider = len(found) / float(known.sum())  # to the leads whose region nobody told
    tested = [test for test in tests if test.channel in bought.channels]
    findings = [
        Finding(
            np.array([float(channel == test.channel) for channel, _ in bought.keys]),
            test.incremental_conversions / wider,
            max(test.se / wider, SURE),
        )
        for test in tested
    ]
    effects = read_flights(bought.flights, seed=SEED, findings=findings)
    merged = {
        test.channel: Merged(
            test=test,
            se=float(finding.of @ effects.covariance @ finding.of) ** 0.5 * wider,
            is_conflict=position in effects.conflicts,
        )
        for position, (test, finding) in enumerate(zip(tested, findings, strict=True))
    }
    share = _shares(effects.caused, effects.expected, bought.place, found)
    return [
        Unit(
            channel=channel,
            video=video,
            declared=bool(bought.flights.declared[u]),
            total=float(effects.total[u]) * wider,
            p05=float(effects.p05[u]) * wider,
            p95=float(effects.p95[u]) * wider,
            estimate=float(effects.estimate[u]) * wider,
            se=float(effects.se[u]) * wider,
            share=share[u],
            videos=_split(bought.videos[u]),
            merged=merged.get(channel),
        )
        for u, (channel, video) in enumerate(bought.keys)
    ]


def _shares(caused: Array, expected: Array, where: Ints, found: Leads) -> Array:
    """Shape: caused (units, regions, weeks), expected (regions, weeks); (units, leads)."""
    weeks = expected.shape[1]
    week = (found.day - (found.days - weeks * WEEK)) // WEEK
    week = np.clip(week, 0, weeks - 1)
    anywhere = caused.sum(axis=1) / expected.sum(axis=0)
    told = np.where(where >= 0, (caused / expected)[:, where, week], anywhere[:, week])
    return np.asarray(told, dtype=np.float64)


def _split(impressions: dict[str, float]) -> dict[str, float]:
    everything = sum(impressions.values())
    return {video: n / everything for video, n in sorted(impressions.items())}
