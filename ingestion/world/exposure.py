"""The loop over days: who sees what, watches, clicks, visits and becomes a lead.

One log of exposures and one of visits come out; every source, claim and truth is a sum over them.
Switched-off placements are ghosts: they are delivered as ever, then emptied (no dose, no click),
so that two runs share all their luck. Not here: own visits and doorways (visits.py), what a visit
leaves on the site (events.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world import seasons
from ingestion.world.audience import Audience, build_audience
from ingestion.world.bought import Bought, demand
from ingestion.world.channels import MARKETS, STOCKED
from ingestion.world.frames import Array
from ingestion.world.log import (
    MARKET_DAYS,
    MARKET_STARTS,
    Log,
    Rows,
    State,
    add_dose,
    merge,
    rows,
    start,
)
from ingestion.world.people import People
from ingestion.world.settings import WorldSettings
from ingestion.world.site import Site
from ingestion.world.streams import Streams
from ingestion.world.traits import Traits, dose_of, tired_click, tired_hook
from ingestion.world.visits import VISIT_MEMORY, doorway, letters, own_visits, record

LEAD_RATE = 2.08e-4  # a day, at base 1
IN_MARKET = 4.2  # factor on base while the group looks for a product
BRAND_HALF_LIFE = 15.0
RETARGETING_RATE = 0.62  # of those followed around, a day


def live(
    settings: WorldSettings,
    people: People,
    lines: Bought,
    traits: Traits,
    site: Site,
    *,
    off: Array | None = None,
    keep_hazard: bool = False,
) -> Log:
    """Every day from -burn_in to the horizon. `off`: True per ghost placement."""
    ghost = np.zeros(len(traits.channel), dtype=bool) if off is None else off
    audience = build_audience(settings, people, lines, traits, site.landing)
    state, log = start(settings, people), Log()
    first = -settings.burn_in_days
    count = settings.horizon - first
    weekday = (
        seasons.CONSUMER_WEEKDAY if settings.weekend_peak else seasons.SITE_WEEKDAY
    )
    calendar = seasons.factor(weekday, seasons.weekdays(first, count))
    calendar = calendar * seasons.factor(seasons.MONTH, seasons.months(first, count))
    jumps = demand(settings, np.arange(first, first + count))
    decays = np.array(
        [2.0 ** (-1 / m.half_life_days) for m in MARKETS[:STOCKED]], np.float32
    )
    for step in range(count):
        day = first + step
        streams = Streams(settings.seed, day)
        state.stock *= decays[:, None]
        state.brand *= np.float32(2.0 ** (-1 / BRAND_HALF_LIFE))
        base = _intent(people, state, streams, day) * np.float32(jumps[step])
        alive = people.born <= day
        weight = base * alive
        seen = _feeds(
            audience, lines, traits, ghost, state, streams, weight, base, step, day, log
        )
        visits = [seen, *own_visits(settings, state, streams, weight, calendar[step])]
        visits += site.searchers(streams, weight, step, ghost)
        visits.append(letters(traits, state, streams, day, ghost))
        today = merge(visits)
        record(site, today, ghost, traits, state, log, day, step)
        rate = (
            LEAD_RATE
            * weight
            * calendar[step]
            * ~people.never
            * (state.lead_day < -900)
        )
        hazard = rate * _effect(settings, state, base)
        new = np.flatnonzero(streams.uniform("lead", settings.persons) < hazard)
        log.expected.append(float(hazard.sum(dtype=np.float64)))
        if keep_hazard:
            log.hazard.append(rate)
        if len(new):
            doorway(settings, site, audience, people, state, log, new, day, step, ghost)
    log.lead_day, log.lead_visit = state.lead_day, state.lead_visit
    return log


def _intent(people: People, state: State, streams: Streams, day: int) -> Array:
    """base = exp(0.45 z + 0.45 x), raised while in market. Moves the daily part."""
    rng = streams.open("intent")
    state.drift *= np.float32(0.96)
    state.drift += np.float32(0.28) * rng.standard_normal(
        len(state.drift), dtype=np.float32
    )
    begins = streams.uniform("market", people.groups) < MARKET_STARTS
    length = MARKET_DAYS[0] - MARKET_DAYS[1] * np.log1p(
        -streams.uniform("length", people.groups)
    )
    state.until = np.where(begins & (state.until < day), day + length, state.until)
    base = np.exp(np.float32(0.45) * (people.intent + state.drift))
    inside = (state.until >= day)[people.group]
    return np.where(inside, base * np.float32(IN_MARKET), base)


def _effect(settings: WorldSettings, state: State, base: Array) -> Array:
    """What the stocks make of the base hazard, as a factor. Shape (persons,)."""
    scale = settings.effect_scale
    parts = [
        np.float32(3.0 * m.beta * scale)
        * -np.expm1(state.stock[c] * np.float32(-1 / 3))
        for c, m in enumerate(MARKETS[:STOCKED])
        if m.beta * scale > 0
    ]
    if settings.hazard_form == "multiplicative":
        factor = np.ones_like(base)
        for part in parts:
            factor = factor * (1 + part)
        return factor
    total = sum(parts, np.zeros_like(base))
    if settings.hazard_form == "additive":  # the same for all, whatever they intend
        return np.asarray(1 + np.float32(1.7) * total / base)
    return np.asarray(1 + total)


def _feeds(
    audience: Audience,
    lines: Bought,
    traits: Traits,
    ghost: Array,
    state: State,
    streams: Streams,
    weight: Array,
    base: Array,
    step: int,
    day: int,
    log: Log,
) -> Rows:
    """Everything shown in feeds today: watch, dose, click. Returns the visits by click."""
    recent = (
        (day - state.last_day <= VISIT_MEMORY) & (state.lead_day < -900) & (weight > 0)
    )
    draw = streams.uniform("retargeting", len(base)) < RETARGETING_RATE
    person, line = audience.draw(streams, weight, step, np.flatnonzero(recent & draw))
    p = lines.placement[line]
    age = np.maximum(day - traits.start, 0)
    hook = (traits.hook * tired_hook(age, traits.half_life))[p]
    begin = traits.start_rate[p]
    u = streams.open("watch").random(len(p))
    started = u < begin
    early = (
        3.0 * (1.0 - np.clip((u - hook) / np.maximum(begin - hook, 1e-9), 0, 1)) ** 3
    )
    late = 3.0 + traits.spread[p] * (-np.log(np.minimum(u / hook, 1.0))) ** (4 / 3)
    watched = np.where(u < hook, late, early) * started
    stop = (traits.drop_at * traits.seconds)[p]
    leaves = streams.open("leave").random(len(p)) < traits.drop[p]
    watched = np.where(leaves & (watched > stop), stop, watched)
    watched = np.minimum(watched, traits.seconds[p])
    shown = ~ghost[p]
    dose = dose_of(watched, traits, p) * shown
    rate = audience.click_rate[p] * tired_click(age, traits.half_life)[p]
    rate = np.minimum(rate * np.sqrt(np.minimum(base[person], 4.0)), 0.6)
    clicked = (streams.open("click").random(len(p)) < rate) & shown
    add_dose(state, traits, person, p, dose)
    log.add(
        log.exposure,
        day=np.full(len(p), day, dtype=np.int16),
        person=person.astype(np.int32),
        line=line.astype(np.int16),
        placement=p.astype(np.int16),
        watched=watched.astype(np.float32),
        started=started,
        clicked=clicked,
        dose=dose.astype(np.float32),
    )
    hit = np.flatnonzero(clicked)
    return rows(person[hit], traits.channel[p[hit]], p[hit], audience.landing[p[hit]])
