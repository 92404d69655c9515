"""Visits become sessions: a second of the day, a device, a cookie, what is lost on the way.

All of it hashes of the visit's row number or of (person, device). A session's day is the day of its
region's ad account, so clicks and sessions agree there; every other zone follows from `at`.
Not here: the single events of a session (events.py).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ingestion.world import seasons
from ingestion.world.channels import CLICK_ID, SOURCES, UTM
from ingestion.world.company import MARKET_ZONE, REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, hash64
from ingestion.world.settings import WorldSettings

BLOCKED = 0.10  # of visits never leave an event
TAG_LOST = 0.144  # of tagged visits lose tag and click id
TWO_DEVICES, SECOND_DEVICE = 0.6, 0.4  # of persons; of their visits
SHORT_COOKIE, SHORT_DAYS, LONG_DAYS = 0.35, 9.0, 150.0
# Share of a day's visits before each hour of the local clock.
# fmt: off
_HOURS = np.cumsum([0, 1, .5, .4, .4, .6, 1.2, 2.5, 5, 8, 9, 9, 8, 7, 7.5, 8, 7.5, 6.5, 4.5, 3.5,
                    3.2, 3, 2.6, 1.9, 1.3])
# fmt: on


@dataclass(frozen=True)
class Sessions:
    """One value per visit, in the order of the visits."""

    row: Array  # number of the visit, key of its luck
    day: Array
    person: Array
    source: Array
    placement: Array
    page: Array
    second: Array
    load: Array
    later: Array
    play: Array
    plays_second: Array
    watched: Array
    is_lead: Array
    reopened: Array  # bool: an older tab, no new click
    at: Array  # epoch ms
    blocked: Array
    tagged: Array  # carries its tag and click id
    click_key: Array  # uint64, 0 where no ad was clicked
    anonymous: Array  # uint64
    device: Array


def build_sessions(
    settings: WorldSettings,
    visit: dict[str, Array],
    region: Array,
    rows: Array | None = None,
) -> Sessions:
    """Shape: `visit` columns (visits,), `region` (persons,), `rows` (visits,) keys of luck."""
    seed, count = settings.seed, len(visit["person"])
    row = np.arange(count) if rows is None else rows
    person, day = visit["person"].astype(np.int64), visit["day"].astype(np.int64)
    source = visit["source"].astype(np.int64)
    root = np.where(visit["opened_from"] >= 0, visit["opened_from"], row)
    two = hash01(seed, "devices", person) < TWO_DEVICES
    device = (two & (hash01(seed, "device", root) < SECOND_DEVICE)).astype(np.int64)
    short = hash01(seed, "cookie", person, device) < SHORT_COOKIE
    life = np.where(short, SHORT_DAYS, LONG_DAYS)
    age = day + 2_000 + life * hash01(seed, "cookie age", person, device)
    epoch = np.floor(age / life).astype(np.int64)
    clickable = np.array([name in CLICK_ID for name in SOURCES])
    taggable = np.array([name in UTM for name in SOURCES])
    tagged = taggable[source] & (hash01(seed, "tag", root) >= TAG_LOST)
    key = np.where(clickable[source], hash64(seed, "click id", root), np.uint64(0))
    at = clock(settings, day, region[person], row, visit["is_lead"])
    again = np.flatnonzero(visit["opened_from"] >= 0)  # after the tab was first opened
    wait = 600_000 + (3_000_000 * hash01(seed, "again", row[again])).astype(np.int64)
    at[again] = np.maximum(at[again], at[visit["opened_from"][again]] + wait)
    return Sessions(
        row=row,
        day=day,
        person=person,
        source=source,
        placement=visit["placement"].astype(np.int64),
        page=visit["page"].astype(np.int64),
        second=visit["second"].astype(np.int64),
        load=visit["load"].astype(np.int64),
        later=visit["later"].astype(np.int64),
        play=visit["play"].astype(np.int64),
        plays_second=visit["plays_second"],
        watched=visit["watched"].astype(np.float64),
        is_lead=visit["is_lead"],
        reopened=visit["opened_from"] >= 0,
        at=at,
        blocked=hash01(seed, "blocked", row) < BLOCKED,
        tagged=tagged,
        click_key=key,
        anonymous=hash64(seed, "anonymous", person, device, epoch),
        device=device,
    )


def joined(first: Sessions, second: Sessions) -> Sessions:
    """Both, one after the other."""
    return Sessions(
        **{
            item.name: np.concatenate(
                [getattr(first, item.name), getattr(second, item.name)]
            )
            for item in fields(Sessions)
        }
    )


def clock(
    settings: WorldSettings, day: Array, region: Array, row: Array, late: Array
) -> Array:
    """Epoch ms of a visit; `late` ones come in the later part of the day, after the others."""
    u = hash01(settings.seed, "second", row)
    u = np.where(late, 0.6 + 0.4 * u, u)
    hour = np.interp(u * _HOURS[-1], _HOURS, np.arange(25.0))
    offset = np.array([r.offset_hours for r in REGIONS])[region]
    part = np.where(late, hour, (hour - offset) % 24.0) / 24.0
    first = int(day.min()) if len(day) else 0
    span = (int(day.max()) - first + 1) if len(day) else 1
    markets = list(MARKET_ZONE)
    bounds = np.stack([seasons.midnights(MARKET_ZONE[m], first, span) for m in markets])
    market = np.array([markets.index(r.market) for r in REGIONS])[region]
    begin, end = bounds[market, day - first], bounds[market, day - first + 1]
    return np.asarray(begin + np.floor(part * (end - begin) * 0.9999).astype(np.int64))
