"""Visits: those nobody bought, letters, the pages of a day, and the visit in which a lead happens.

Not here: feeds and the lead hazard itself (exposure.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world import seasons
from ingestion.world.audience import Audience
from ingestion.world.channels import CODE, SOURCE_CODE
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01
from ingestion.world.log import Log, Rows, State, add_dose, rows
from ingestion.world.people import People
from ingestion.world.settings import WorldSettings
from ingestion.world.site import Site
from ingestion.world.streams import Streams
from ingestion.world.traits import Traits, dose_of

OWN_RATES = {"branded_search": 0.00062, "paid_search": 0.00027, "direct": 0.00112}
BRAND_EFFECT = 0.35
VISIT_MEMORY = 14  # days in which a visit makes somebody worth following around
EMAIL_RATE = 0.035
REOPEN_DAYS, REOPEN_SHARE = 5, 0.45
DOOR = (0.44, 0.44, 0.12)  # branded search, direct, paid search
RETARGETED_DOOR = 0.60


def own_visits(
    settings: WorldSettings,
    state: State,
    streams: Streams,
    weight: Array,
    calendar: float,
) -> list[Rows]:
    """Visits nobody bought: branded search, paid search, direct."""
    pull = weight * (1 + np.float32(BRAND_EFFECT) * state.brand) * np.float32(calendar)
    parts = []
    for name, rate in OWN_RATES.items():
        u = streams.uniform(name, len(weight))
        chance = pull * np.float32(rate * settings.site_rate)
        who = np.flatnonzero(u < chance)
        where = (
            np.zeros(len(who)) if not len(who) else u[who] / chance[who]
        )  # uniform again
        parts.append(rows(who, SOURCE_CODE[name], -1, Site.front_page(where)))
    return parts


def letters(
    traits: Traits, state: State, streams: Streams, day: int, ghost: Array
) -> Rows:
    """Newsletter to leads, Tuesdays and Thursdays."""
    live_now = (traits.channel == CODE["email"]) & (traits.start <= day)
    out = np.flatnonzero(live_now)
    u = streams.uniform("email", len(state.lead_day))
    if int(seasons.weekdays(day, 1)[0]) not in (1, 3) or not len(out):
        return rows(np.zeros(0), 0, 0, 0)
    who = np.flatnonzero((state.lead_day > -900) & (u < EMAIL_RATE))
    turn = out[(u[who] / EMAIL_RATE * len(out)).astype(int)]
    keep = ~ghost[turn]
    return rows(
        who[keep], SOURCE_CODE["email"], turn[keep], Site.front_page(u[who][keep] * 0)
    )


def record(
    site: Site,
    today: Rows,
    ghost: Array,
    traits: Traits,
    state: State,
    log: Log,
    day: int,
    step: int,
) -> None:
    """Write visits down, let players play on their pages."""
    visit = site.walk(today, day, step, ghost)
    count = len(visit["person"])
    number = np.arange(log.visits, log.visits + count)
    visit |= {
        "opened_from": np.full(count, -1, np.int32),
        "is_lead": np.zeros(count, bool),
    }
    log.add(log.visit, **visit)
    log.visits += count
    played = np.flatnonzero(visit["play"] >= 0)
    person, p = visit["person"][played], visit["play"][played]
    dose = dose_of(visit["watched"][played], traits, p) * ~ghost[p]
    add_dose(state, traits, person, p, dose)
    log.add(
        log.exposure,
        day=np.full(len(p), day, np.int16),
        person=person,
        line=np.full(len(p), -1, np.int16),
        placement=p.astype(np.int16),
        watched=visit["watched"][played].astype(np.float32),
        started=np.ones(len(p), bool),
        clicked=np.zeros(len(p), bool),
        dose=dose.astype(np.float32),
    )
    who = visit["person"]
    state.last_day[who], state.last_visit[who] = day, number
    state.last_source[who], state.last_placement[who] = (
        visit["source"],
        visit["placement"],
    )


def doorway(
    settings: WorldSettings,
    site: Site,
    audience: Audience,
    people: People,
    state: State,
    log: Log,
    new: Array,
    day: int,
    step: int,
    ghost: Array,
) -> None:
    """The visit in which a lead happens, caused by the intent itself."""
    seed, since = settings.seed, day - state.last_day[new]
    reopen = (since <= REOPEN_DAYS) & (hash01(seed, "reopen", new) < REOPEN_SHARE)
    u = hash01(seed, "door", new)
    edges = np.cumsum(DOOR)
    door = np.searchsorted(edges, np.minimum(u, 0.999_999))
    names = ("branded_search", "direct", "paid_search")
    source = np.array([SOURCE_CODE[name] for name in names])[door]
    ad = audience.retargeting_line(new, step)
    p = np.where(ad >= 0, audience.line_placement[ad], -1)
    by_ad = (since <= VISIT_MEMORY) & (ad >= 0) & ~reopen & ~ghost[p]
    by_ad &= hash01(seed, "door ad", new) < RETARGETED_DOOR
    source = np.where(by_ad, SOURCE_CODE["retargeting"], source)
    way = rows(new, source, np.where(by_ad, p, -1), site.form_page(people.small[new]))
    old = np.where(reopen, state.last_visit[new], -1)
    way["source"] = np.where(
        reopen, state.last_source[new], way["source"]
    )  # the same tag
    way["placement"] = np.where(reopen, state.last_placement[new], way["placement"])
    visit = site.walk(way, day, step, ghost, quiet=True)
    visit |= {"opened_from": old.astype(np.int32), "is_lead": np.ones(len(new), bool)}
    log.add(log.visit, **visit)
    state.lead_day[new] = day
    state.lead_visit[new] = log.visits + np.arange(len(new))
    state.last_day[new], state.last_visit[new] = day, state.lead_visit[new]
    log.visits += len(new)
    hit = np.flatnonzero(by_ad)
    log.add(
        log.exposure,
        day=np.full(len(hit), day, np.int16),
        person=new[hit].astype(np.int32),
        line=ad[hit].astype(np.int16),
        placement=p[hit].astype(np.int16),
        watched=np.zeros(len(hit), np.float32),
        started=np.zeros(len(hit), bool),
        clicked=np.ones(len(hit), bool),
        dose=np.zeros(len(hit), np.float32),
    )
