"""Everything that stands before the first day is lived, and the life itself as plain arrays.

Shared by world.py (which shows it) and truth.py (which lives it again with something switched off).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world import company, search
from ingestion.world.bought import Bought, build_bought
from ingestion.world.company import Company
from ingestion.world.exposure import live
from ingestion.world.frames import Array
from ingestion.world.log import Log
from ingestion.world.people import People, build_people
from ingestion.world.placements import Catalogue, build_catalogue
from ingestion.world.settings import WorldSettings
from ingestion.world.site import Site, build_site
from ingestion.world.traits import Traits, build_traits


@dataclass(frozen=True)
class Stage:
    """The cast and the plan of one world."""

    settings: WorldSettings
    company: Company
    catalogue: Catalogue
    traits: Traits
    lines: Bought
    people: People
    site: Site


@dataclass(frozen=True)
class Life:
    """What happened, from -burn_in to the horizon. Columns of equal length per table."""

    exposure: dict[str, Array]
    visit: dict[str, Array]
    lead_day: Array  # per person, -999 for none
    lead_visit: Array  # per person, row of `visit`
    expected: Array  # leads a day before the draw
    hazard: Array  # (days, persons) base hazard; empty unless asked for


def build_stage(settings: WorldSettings) -> Stage:
    firm = company.company()
    catalogue = build_catalogue(settings, firm, search.weak_pages(settings))
    traits = build_traits(settings, catalogue)
    return Stage(
        settings=settings,
        company=firm,
        catalogue=catalogue,
        traits=traits,
        lines=build_bought(settings, catalogue, traits),
        people=build_people(settings),
        site=build_site(settings, catalogue, traits),
    )


def run(stage: Stage, *, off: Array | None = None, keep_hazard: bool = False) -> Life:
    log: Log = live(
        stage.settings,
        stage.people,
        stage.lines,
        stage.traits,
        stage.site,
        off=off,
        keep_hazard=keep_hazard,
    )
    return Life(
        exposure={name: np.concatenate(parts) for name, parts in log.exposure.items()},
        visit={name: np.concatenate(parts) for name, parts in log.visit.items()},
        lead_day=log.lead_day,
        lead_visit=log.lead_visit,
        expected=np.array(log.expected),
        hazard=np.array(log.hazard) if log.hazard else np.zeros((0, 0)),
    )
