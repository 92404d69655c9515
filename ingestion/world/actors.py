"""Everybody who can have a name in the CRM: our persons, and people from before the window.

Actors are numbered: first the persons of people.py, then the history's deal contacts, old contract
customers, self-serve customers and plain leads. Companies likewise: accounts first, then history's.
Not here: what became of them (outcomes.py, customers.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.company import REGIONS
from ingestion.world.frames import Array, text
from ingestion.world.hashing import hash01, normal
from ingestion.world.people import People, emails
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import HISTORY_DAYS, WorldSettings

DAY_MS = 86_400_000
OLD_DEALS = 560  # opened in the 24 months before the burn-in, at default size
OLD_CONTRACTS = 275  # customers from before the CRM
OLD_SELF_SERVE = 930  # sign-ups of the four years before day 0, most have left
OLD_LEADS = 3_600
# fmt: off
FIRST = ("Ada", "Ben", "Carla", "Dev", "Ewa", "Finn", "Gia", "Hugo", "Ines", "Jon", "Kira",
         "Leo", "Mia", "Nils", "Olga", "Paul", "Rosa", "Sami", "Tess", "Uwe", "Vera", "Will",
         "Yara", "Zoe")
LAST = ("Abbott", "Becker", "Castro", "Dunn", "Ebner", "Frost", "Grant", "Haas", "Irving",
        "Jansen", "Keller", "Lowe", "Moreau", "Nolan", "Otten", "Price", "Quist", "Reyes",
        "Stone", "Tanner", "Unger", "Vogel", "Walsh", "Young")
TRADES = ("HVAC", "Electric", "Plumbing", "Lifts", "Facilities", "Roofing", "Security", "Cleaning")
# fmt: on


@dataclass(frozen=True)
class Actors:
    """One value per actor unless said otherwise."""

    persons: int  # the first so many are people.py's
    email: Array
    region: Array
    company: Array  # row of companies, -1 for none
    kind: Array  # 0 person, 1 old deal, 2 old contract, 3 old self-serve, 4 old lead
    born_at: Array  # epoch ms the CRM learns of an old actor; 0 for persons
    companies: int
    company_region: Array  # per company
    company_fit: Array  # per company


def build_actors(settings: WorldSettings, people: People) -> Actors:
    seed, persons = settings.seed, len(people.region)
    accounts = len(people.account_fit)
    scale = (
        settings.scale if settings.sales_led else 0.0
    )  # a shop has no past contracts
    scale = settings.scale if settings.sales_led else 0.0  # a shop has no contracts
    old = (OLD_DEALS, OLD_CONTRACTS, OLD_SELF_SERVE, OLD_LEADS)
    sizes = [round(n * scale) for n in old]
    kind = np.repeat(np.arange(1, 5), sizes)
    number = np.arange(len(kind))
    firms = sizes[0] + sizes[1]
    company = np.where(number < firms, accounts + number, -1)
    edges = np.cumsum([region.share for region in REGIONS])[:-1]
    region = np.searchsorted(edges, hash01(seed, "old region", number))
    u = hash01(seed, "old day", number)
    last = -settings.burn_in_days - 1
    first = np.array([0, -HISTORY_DAYS, -2_000, -1_460, -HISTORY_DAYS])[kind]
    until = np.array([0, last, -HISTORY_DAYS, last, last])[kind]
    born = utc_midnight(0) + ((first + u * (until - first)) * DAY_MS).astype(np.int64)
    mail = [
        f"c{i + 1:05d}@" + (f"firm-{c + 1}.example" if c >= 0 else "post.example")
        for i, c in enumerate(company.tolist())
    ]
    return Actors(
        persons=persons,
        email=np.concatenate([emails(people), text(mail)]),
        region=np.concatenate([people.region, region]),
        company=np.concatenate([people.account, company]),
        kind=np.concatenate([np.zeros(persons, int), kind]),
        born_at=np.concatenate([np.zeros(persons, np.int64), born]),
        companies=accounts + firms,
        company_region=np.concatenate([people.account_region, region[:firms]]),
        company_fit=np.concatenate(
            [people.account_fit, normal(seed, "old fit", np.arange(firms)) + 0.6]
        ),
    )


def person_names(seed: int, actor: Array) -> tuple[Array, Array]:
    first = (hash01(seed, "first name", actor) * len(FIRST)).astype(int)
    last = (hash01(seed, "last name", actor) * len(LAST)).astype(int)
    return text(FIRST[i] for i in first.tolist()), text(LAST[i] for i in last.tolist())


def company_names(seed: int, company: Array) -> Array:
    name = (hash01(seed, "firm name", company) * len(LAST)).astype(int)
    trade = (hash01(seed, "firm trade", company) * len(TRADES)).astype(int)
    return text(
        f"{LAST[a]} {TRADES[b]} {c + 1}"
        for a, b, c in zip(name.tolist(), trade.tolist(), company.tolist(), strict=True)
    )


def company_sizes(seed: int, company: Array) -> Array:
    """0 small, 1 mid, 2 large; nobody's company (-1) is small."""
    u = hash01(seed, "firm size", company)
    return np.where(company < 0, 0, np.searchsorted((0.50, 0.85), u))
