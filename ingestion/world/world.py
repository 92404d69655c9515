"""build(settings) -> World: lives every day once, to a horizon beyond the last day shown.

`World.view(as_of)` hides what is later. Hidden truth is dropped when the world is built; tests and
benchmarks live it again through truth.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.world import (
    claims,
    company,
    crowd,
    events,
    money,
    papers,
    rooms,
    searchframes,
    sessions,
    tally,
    trials,
    voice,
)
from ingestion.world.actors import Actors, build_actors
from ingestion.world.bought import prior_views
from ingestion.world.channels import SOCIAL_PLATFORMS
from ingestion.world.crm import write_book
from ingestion.world.customers import build_customers
from ingestion.world.dealbook import deal_ids
from ingestion.world.eventparts import Words
from ingestion.world.frames import Array, Frame, text
from ingestion.world.orders import build_orders
from ingestion.world.outcomes import build_deals, build_funnel
from ingestion.world.retention import retention_curves
from ingestion.world.settings import START, WorldSettings
from ingestion.world.stage import Life, Stage, build_stage, run
from ingestion.world.view import Records, View


@dataclass(frozen=True)
class World:
    """One simulated company, lived to its horizon."""

    settings: WorldSettings
    records: Records

    def view(self, as_of: date | None = None) -> View:
        """What could be known at the end of `as_of` (default: the settings' opening date).

        Raises: ValueError past the prepared days (remedy: more hidden_days).
        """
        day = ((as_of or self.settings.opening_date) - START).days
        last = self.settings.horizon - 2
        if not 0 <= day <= last:
            raise ValueError(
                f"{as_of} is day {day}, this world has days 0 to {last}: "
                "ask for a day inside, or build with more hidden_days"
            )
        return View(self.records, self.settings.seed, day)


def build(settings: WorldSettings) -> World:
    """Live one world. Costs seconds; equal settings give equal worlds."""
    stage = build_stage(settings)
    return World(settings=settings, records=records_of(stage, run(stage)))


def records_of(stage: Stage, life: Life) -> Records:
    """What the sources could show of a life."""
    settings, traits, catalogue = stage.settings, stage.traits, stage.catalogue
    actors = build_actors(settings, stage.people)
    visits = sessions.build_sessions(settings, life.visit, stage.people.region)
    funnel = build_funnel(stage, life, visits, actors)
    if settings.sales_led:
        deals = build_deals(stage, funnel, actors)
    else:
        deals = build_orders(settings, funnel, actors)
    placed = np.flatnonzero(catalogue.placements["page_path"] == "/app/welcome")
    onboarding = int(placed[0]) if len(placed) else -1
    clients = build_customers(settings, actors, funnel, deals, onboarding >= 0)
    support = rooms.support_sessions(settings, actors, clients)
    words = _words(stage, actors, len(deals.actor))
    room_parts, room_plays = rooms.room_events(settings, deals, words)
    app_parts, app_plays = rooms.customer_events(settings, clients, words, onboarding)
    parts = [
        *events.session_parts(settings, visits, words),
        *events.session_parts(settings, support, words),
        *rooms.support_parts(settings, support),
        *room_parts,
        *app_parts,
    ]
    plays = [tally.session_plays(visits), room_plays, app_plays]
    persons = tally.person_counts(
        settings, life.exposure, traits, len(stage.lines.placement)
    )
    players = tally.player_counts(settings, traits, plays, visits)
    web, video, appearance = searchframes.search_frames(
        settings, stage.site, sessions.joined(visits, support)
    )
    placements: Frame = catalogue.placements.replaced(
        prior_views=prior_views(settings, traits)
    )
    return Records(
        company=stage.company,
        videos=papers.videos_with_plans(catalogue, traits),
        variants=papers.variant_costs(settings, catalogue),
        placements=placements,
        campaigns=catalogue.campaigns,
        regions=company.regions(),
        delivery=crowd.deliver(settings, traits, stage.lines, persons, players),
        retention=retention_curves(traits, len(catalogue.videos)),
        claims=claims.claim_log(settings, traits, life.exposure, life.lead_day),
        search=web,
        search_video=video,
        search_appearance=appearance,
        events=events.event_frame(settings, parts, words),
        book=write_book(
            settings,
            actors,
            funnel,
            deals,
            clients,
            visits,
            catalogue.placements["tag"],
        ),
        fx_rates=money.fx_frame(settings),
        production_costs=papers.production_costs(settings, catalogue),
        objectives=papers.objectives(catalogue),
        targets=papers.targets(settings, catalogue),
        experiments=trials.experiments(settings, catalogue, stage.lines, traits),
        holdout=_holdout(stage, life),
        page_changes=papers.page_changes(settings, catalogue, traits),
        definition_changes=papers.definition_changes(settings),
        pages=papers.pages(),
        nps=voice.nps(settings, clients),
        reviews=voice.reviews(settings),
        tickets=voice.tickets(settings, clients),
        panel=voice.panel(settings),
    )


def _holdout(stage: Stage, life: Life) -> Array:
    """Persons entering the retargeting audience and its leads, by day, as the platform's study
    counts them. Shape (2 arms: shown and held out, 2: entered and converted, days)."""
    days = stage.settings.horizon
    entered = np.full(len(life.lead_day), 9_999)
    visit = life.visit
    before = np.flatnonzero(~visit["is_lead"])
    np.minimum.at(
        entered, visit["person"][before], visit["day"][before].astype(np.int64)
    )
    # Who led before day 0 is no longer in the audience when the count begins.
    inside = (entered < days) & (
        (life.lead_day < -900) | (life.lead_day >= np.maximum(entered, 0))
    )
    out = np.zeros((2, 2, days), dtype=np.int64)
    for arm, mask in enumerate((~stage.people.held_out, stage.people.held_out)):
        mine = inside & mask
        out[arm, 0] = np.bincount(np.maximum(entered[mine], 0), minlength=days)
        led = mine & (life.lead_day >= 0) & (life.lead_day < days)
        out[arm, 1] = np.bincount(life.lead_day[led], minlength=days)
    return out


def _words(stage: Stage, actors: Actors, deals: int) -> Words:
    placements = stage.catalogue.placements
    objective = stage.catalogue.videos["objective"][stage.catalogue.video_index]
    names: Array = text(
        f"{channel}-{goal}".replace("_", "-")
        for channel, goal in zip(placements["channel"], objective, strict=True)
    )
    return Words(
        emails=actors.email,
        variants=placements["variant_id"],
        seconds=stage.traits.seconds,
        tags=placements["tag"],
        campaigns=names,
        networks=np.array(
            [
                SOCIAL_PLATFORMS.index(name) if name else -1
                for name in placements["social_platform"]
            ]
        ),
        deals=deal_ids(deals),
    )
