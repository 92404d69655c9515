"""What was bought region by region, and how much of every lead it caused.

Leads without a region share the average of their week. Not here: the estimate
(warehouse/incrementality/flights.py).
"""

from dataclasses import dataclass

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
)

SEED = 20251101


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


def units(con: duckdb.DuckDBPyConnection, found: Leads) -> list[Unit]:
    """Every unit with its effect; empty where regions, weeks or leads are too few."""
    delivered = con.execute(sql("nightly/delivery")).fetchall()
    declared = set(con.execute(sql("nightly/declared")).fetchall())
    regions = sorted({row[0] for row in delivered} | {r for r in found.region if r})
    place = {name: i for i, name in enumerate(regions)}
    shape = (len(regions), found.days)
    bought: dict[tuple[str, str | None], Array] = {}
    videos: dict[tuple[str, str | None], dict[str, float]] = {}
    for region, day, channel, video, impressions in delivered:
        at = (day - found.first_day).days
        if not 0 <= at < found.days:
            continue
        key = (channel, video if (channel, video) in declared else None)
        bought.setdefault(key, np.zeros(shape))[place[region], at] += impressions
        of = videos.setdefault(key, {})
        of[video] = of.get(video, 0.0) + impressions
    if not bought:
        return []
    keys = sorted(bought, key=lambda key: (key[0], key[1] or ""))
    where = np.array([place.get(name, -1) for name in found.region], dtype=np.int64)
    known = where >= 0
    outcomes = np.zeros(shape)
    np.add.at(outcomes, (where[known], found.day[known]), 1.0)
    is_declared = np.array([video is not None for _, video in keys])
    flights = Flights(outcomes, np.stack([bought[key] for key in keys]), is_declared)
    try:
        effects = read_flights(flights, seed=SEED)
    except TooFewFlights:
        return []
    wider = len(found) / float(known.sum())  # to the leads whose region nobody told
    share = _shares(effects.caused, effects.expected, where, found)
    return [
        Unit(
            channel=channel,
            video=video,
            declared=bool(is_declared[u]),
            total=float(effects.total[u]) * wider,
            p05=float(effects.p05[u]) * wider,
            p95=float(effects.p95[u]) * wider,
            estimate=float(effects.estimate[u]) * wider,
            se=float(effects.se[u]) * wider,
            share=share[u],
            videos=_split(videos[channel, video]),
        )
        for u, (channel, video) in enumerate(keys)
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
