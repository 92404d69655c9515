"""What the loop over days writes down, and what one day hands to the next.

Not here: any mechanism (exposure.py, visits.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ingestion.world.channels import STOCKED
from ingestion.world.frames import Array
from ingestion.world.hashing import exponential, hash01, normal
from ingestion.world.people import People
from ingestion.world.settings import WorldSettings
from ingestion.world.traits import Traits

MARKET_STARTS = 1 / 430  # a day
MARKET_DAYS = (20.0, 35.0)  # at least, and mean of the exponential on top

Rows = dict[str, Array]


@dataclass
class Log:
    """Rows in the order of life. Lists of daily chunks until `joined`."""

    exposure: dict[str, list[Array]] = field(default_factory=dict)
    visit: dict[str, list[Array]] = field(default_factory=dict)
    visits: int = 0
    lead_day: Array = field(default_factory=lambda: np.zeros(0))
    lead_visit: Array = field(default_factory=lambda: np.zeros(0))
    expected: list[float] = field(default_factory=list)  # leads a day, before the draw
    hazard: list[Array] = field(default_factory=list)  # base hazard, only where asked

    def add(self, table: dict[str, list[Array]], **columns: Array) -> None:
        for name, values in columns.items():
            table.setdefault(name, []).append(values)


@dataclass
class State:
    """What a day hands to the next."""

    stock: Array  # (STOCKED, persons)
    brand: Array
    drift: Array  # the daily part of intent
    until: Array  # per group, last day in market
    last_day: Array  # of the last visit
    last_visit: Array  # its row
    last_source: Array
    last_placement: Array
    lead_day: Array
    lead_visit: Array


def start(settings: WorldSettings, people: People) -> State:
    seed, persons, first = settings.seed, settings.persons, -settings.burn_in_days
    group = np.arange(people.groups)
    share = sum(MARKET_DAYS) / (sum(MARKET_DAYS) + 1 / MARKET_STARTS)
    inside = hash01(seed, "in market", group) < share
    rest = MARKET_DAYS[1] * exponential(seed, "market rest", group)
    return State(
        stock=np.zeros((STOCKED, persons), dtype=np.float32),
        brand=np.zeros(persons, dtype=np.float32),
        drift=normal(seed, "drift", np.arange(persons)).astype(np.float32),
        until=np.where(inside, first + rest, -9_999.0),
        last_day=np.full(persons, -9_999),
        last_visit=np.full(persons, -1),
        last_source=np.zeros(persons, np.int16),
        last_placement=np.full(persons, -1, np.int16),
        lead_day=np.full(persons, -999),
        lead_visit=np.full(persons, -1),
    )


def rows(
    person: Array, source: Array | int, placement: Array | int, page: Array | int
) -> Rows:
    shape = np.shape(person)
    return {
        "person": np.asarray(person, dtype=np.int32),
        "source": np.broadcast_to(np.asarray(source, np.int16), shape),
        "placement": np.broadcast_to(np.asarray(placement, np.int16), shape),
        "page": np.broadcast_to(np.asarray(page, np.int16), shape),
    }


def merge(parts: list[Rows]) -> Rows:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def add_dose(
    state: State, traits: Traits, person: Array, placement: Array, dose: Array
) -> None:
    rows = np.flatnonzero(dose > 0)
    who, what, much = person[rows], placement[rows], dose[rows].astype(np.float32)
    np.add.at(state.stock, (traits.channel[what], who), much)
    np.add.at(state.brand, who, much * traits.brand[what].astype(np.float32))
