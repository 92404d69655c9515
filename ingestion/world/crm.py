"""The CRM's book: every contact, company and deal there will ever be, with all its dates.

Rows carry the dates of everything that happens to them (merged, deleted, corrected); crmview.py
cuts the book at a day. Not here: what a vendor's API calls these things.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.actors import (
    DAY_MS,
    Actors,
    company_names,
    company_sizes,
    person_names,
)
from ingestion.world.channels import SOURCES
from ingestion.world.company import REGIONS
from ingestion.world.customers import Customers
from ingestion.world.dealbook import (
    customers_of,
    deal_ids,
    deal_rows,
    finance_of,
    invoices_of,
    stages_of,
)
from ingestion.world.frames import Array, Coded, Frame, text
from ingestion.world.hashing import hash01, normal
from ingestion.world.outcomes import NEVER, Deals, Funnel
from ingestion.world.sessions import Sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.site import PAGE_CODE

DOUBLED, MERGED_AFTER_DAYS = 0.03, 40
DELETED = 0.01
LIFECYCLE = ("lead_at", "mql_at", "sql_at", "opportunity_at", "customer_at")


@dataclass(frozen=True)
class Book:
    """Frames with every date; NEVER (-1) where a thing does not happen."""

    contacts: Frame
    companies: Frame
    deals: Frame
    deal_stages: Frame
    deal_contacts: Frame
    finance: Frame
    customers: Frame
    invoices: Frame


def write_book(
    settings: WorldSettings,
    actors: Actors,
    funnel: Funnel,
    deals: Deals,
    customers: Customers,
    sessions: Sessions,
    tags: Array,
) -> Book:
    contacts, contact_of = _contacts(
        settings, actors, funnel, deals, customers, sessions, tags
    )
    companies, company_of = _companies(settings, actors, contacts)
    contacts = contacts.replaced(
        company_id=Coded(
            np.where(contacts["_company"] >= 0, company_of[contacts["_company"]], -1),
            companies["company_id"],
        )
    )
    deal_id = deal_ids(len(deals.actor))
    deal_frame = deal_rows(
        settings, deals, deal_id, companies, company_of, contacts, contact_of
    )
    ids = contacts["contact_id"]
    links = Frame(
        {
            "deal_id": deal_id,
            "contact_id": ids[contact_of[deals.actor]],
            "added_at": deals.entered[:, 0],
        }
    )
    return Book(
        contacts=contacts.without("_company", "_actor"),
        companies=companies.without("_company"),
        deals=deal_frame,
        deal_stages=stages_of(deals, deal_id),
        deal_contacts=links,
        finance=finance_of(deals, deal_id, deal_frame),
        customers=customers_of(customers, deal_id, ids, contact_of),
        invoices=invoices_of(customers),
    )


def _contacts(
    settings: WorldSettings,
    actors: Actors,
    funnel: Funnel,
    deals: Deals,
    customers: Customers,
    sessions: Sessions,
    tags: Array,
) -> tuple[Frame, Array]:
    """Contacts in order of creation, aliases included; row of the main contact per actor."""
    seed, count = settings.seed, len(actors.email)
    steps = {name: np.full(count, NEVER) for name in LIFECYCLE}
    old = np.flatnonzero(actors.kind > 0)
    steps["lead_at"][old] = actors.born_at[old]
    for name in ("lead_at", "mql_at", "sql_at", "opportunity_at"):
        steps[name][funnel.actor] = getattr(funnel, name)
    steps["opportunity_at"][deals.actor] = deals.entered[:, 0]
    dealt = np.flatnonzero(actors.kind == 1)
    opened = steps["opportunity_at"][dealt]
    steps["mql_at"][dealt] = opened - (opened - actors.born_at[dealt]) // 2
    steps["sql_at"][dealt] = opened - (opened - actors.born_at[dealt]) // 4
    steps["customer_at"][customers.actor] = customers.started_at
    score = np.full(count, np.nan)
    score[funnel.actor] = funnel.score
    score[deals.actor] = deals.score
    visit = np.full(count, NEVER)
    visit[funnel.actor] = funnel.visit
    form = np.full(count, -1)
    form[funnel.actor] = sessions.page[funnel.visit] == PAGE_CODE["/signup"]

    actor = np.flatnonzero(steps["lead_at"] != NEVER)
    doubled = hash01(seed, "contact doubled", actor) < DOUBLED * settings.tells("S15")
    twin = actor[doubled]
    created = steps["lead_at"][actor]
    later = steps["lead_at"][twin] + (
        DAY_MS * (0.5 + 20 * hash01(seed, "alias at", twin))
    ).astype(np.int64)
    everyone = np.concatenate([actor, twin])
    is_twin = np.concatenate([np.zeros(len(actor), bool), np.ones(len(twin), bool)])
    created = np.concatenate([created, later])
    order = np.lexsort((is_twin, everyone, created))
    everyone, is_twin, created = everyone[order], is_twin[order], created[order]
    row = np.arange(len(everyone))
    main = np.full(count, NEVER)
    main[everyone[~is_twin]] = row[~is_twin]
    merged = is_twin & (hash01(seed, "merges", everyone) < 0.5)
    gone = ~is_twin & (hash01(seed, "deleted", everyone) < DELETED)
    gone &= steps["opportunity_at"][everyone] == NEVER
    gone &= steps["customer_at"][everyone] == NEVER
    leaves = (DAY_MS * (20 + 160 * hash01(seed, "deleted at", everyone))).astype(
        np.int64
    )
    mail = actors.email[everyone]
    mail[is_twin] = text(address.replace("@", ".alias@") for address in mail[is_twin])
    first, last = person_names(seed, everyone)
    ids = text(f"{5_100_000_000 + 13 * i}" for i in row.tolist())
    source = np.where(visit[everyone] >= 0, sessions.source[visit[everyone]], -1)
    seen = (visit[everyone] >= 0) & ~sessions.blocked[visit[everyone]]
    tagged = seen & sessions.tagged[visit[everyone]]
    placement = np.where(tagged, sessions.placement[visit[everyone]], -1)
    points = np.clip(np.rint(50 + 16 * score[everyone]), 0, 100)
    columns = {
        "contact_id": ids,
        "email": mail,
        "first_name": first,
        "last_name": last,
        "country": text(REGIONS[r].country for r in actors.region[everyone].tolist()),
        "region": text(REGIONS[r].name for r in actors.region[everyone].tolist()),
        "score": np.where(np.isnan(points), -1, points).astype(np.int64),
        "form": Coded(
            np.where(seen, form[everyone], -1), text(("demo_request", "trial_signup"))
        ),
        "lead_source": Coded(np.where(seen, source, -1), text(SOURCES)),
        "lead_tag": Coded(placement, tags),
        "created_at": created,
        "merged_at": np.where(merged, created + MERGED_AFTER_DAYS * DAY_MS, NEVER),
        "merged_into": np.where(merged, main[everyone], NEVER),
        "deleted_at": np.where(gone, created + leaves, NEVER),
        "_actor": everyone,
        "_company": actors.company[everyone],
    }
    for name in LIFECYCLE:  # an alias never goes on
        own = steps[name][everyone]
        columns[name] = np.where(is_twin, created if name == "lead_at" else NEVER, own)
    return Frame(columns), main


def _companies(
    settings: WorldSettings, actors: Actors, contacts: Frame
) -> tuple[Frame, Array]:
    """Companies in the order of their first contact; row per company number."""
    seed = settings.seed
    firms, first = np.unique(
        contacts["_company"][contacts["_company"] >= 0], return_index=True
    )
    created = contacts["created_at"][contacts["_company"] >= 0][first]
    order = np.lexsort((firms, created))
    firms, created = firms[order], created[order]
    row_of = np.full(max(actors.companies, 1), NEVER)
    row_of[firms] = np.arange(len(firms))
    size = company_sizes(seed, firms)
    staff = np.array([14.0, 70.0, 420.0])[size] * np.exp(
        0.4 * normal(seed, "staff", firms)
    )
    region = actors.company_region[firms]
    frame = Frame(
        {
            "company_id": text(f"{9_400_000_000 + 11 * i}" for i in range(len(firms))),
            "name": company_names(seed, firms),
            "domain": text(f"firm-{c + 1}.example" for c in firms.tolist()),
            "country": text(REGIONS[r].country for r in region.tolist()),
            "region": text(REGIONS[r].name for r in region.tolist()),
            "employees": np.maximum(np.rint(staff), 2).astype(np.int64),
            "size": text(("small", "mid", "large")[s] for s in size.tolist()),
            "created_at": created,
            "updated_at": created + 3_600_000,
            "_company": firms,
        }
    )
    return frame, row_of
