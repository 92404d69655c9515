"""The money pages of the CRM's book: deals, stages, customers, invoices, and finance's own list.

Finance lists the true amounts; the CRM corrects a few of its own after closing. Not here: contacts
and companies (crm.py), the cut at a day (crmview.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world.actors import DAY_MS
from ingestion.world.company import MARKET_CURRENCY
from ingestion.world.customers import MONTH_MS, Customers
from ingestion.world.frames import Array, Coded, Frame, text
from ingestion.world.hashing import hash01
from ingestion.world.outcomes import NEVER, STAGES, Deals
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import HISTORY_DAYS, WorldSettings

CORRECTED = 0.06  # of deals change amount after closing
STAGE_WORDS = text([*STAGES, "closedwon", "closedlost"])


def deal_ids(count: int) -> Array:
    """Ids in the order of opening."""
    return text(f"{30_000_000_000 + 7 * i}" for i in range(count))


def deal_rows(
    settings: WorldSettings,
    deals: Deals,
    deal_id: Array,
    companies: Frame,
    company_of: Array,
    contacts: Frame,
    contact_of: Array,
) -> Frame:
    seed, key = settings.seed, deals.actor
    corrected = hash01(seed, "corrected", key) < CORRECTED
    factor = np.where(hash01(seed, "corrected by", key) < 0.5, 0.88, 1.15)
    wrong = (np.rint(deals.amount_cents * factor / 6_000) * 6_000).astype(np.int64)
    wait = (DAY_MS * (8 + 50 * hash01(seed, "corrected at", key))).astype(np.int64)
    firm = np.where(deals.company >= 0, company_of[deals.company], -1)
    last = contacts["last_name"][contact_of[key]]
    names = Coded(firm, companies["name"]).array()
    currency = text(MARKET_CURRENCY.values())
    return Frame(
        {
            "deal_id": deal_id,
            "deal_name": text(
                f"{name or 'Self-employed ' + person} - shift planning"
                for name, person in zip(names, last, strict=True)
            ),
            "company_id": Coded(firm, companies["company_id"]),
            "account_name": text(
                name or f"Self-employed {person}"
                for name, person in zip(names, last, strict=True)
            ),
            "currency": currency[deals.market],
            "score": np.clip(np.rint(50 + 16 * deals.score), 0, 100).astype(np.int64),
            "created_at": deals.entered[:, 0],
            "closed_at": deals.closed_at,
            "is_won": deals.won,
            "amount_first_cents": np.where(corrected, wrong, deals.amount_cents),
            "amount_cents": deals.amount_cents,
            "corrected_at": np.where(
                corrected & deals.won, deals.closed_at + wait, NEVER
            ),
        }
    )


def stages_of(deals: Deals, deal_id: Array) -> Frame:
    """One row per deal and stage entered, the closing stage included."""
    row, stage = np.nonzero(deals.entered != NEVER)
    begin = deals.entered[row, stage]
    every = np.arange(len(deal_id))
    last = np.where(deals.won, 4, 5)
    rows = np.concatenate([row, every])
    stages = np.concatenate([stage, last])
    begins = np.concatenate([begin, deals.closed_at])
    order = np.lexsort((begins, rows))
    rows, stages, begins = rows[order], stages[order], begins[order]
    ends = np.full(len(rows), NEVER)
    same = rows[1:] == rows[:-1]
    ends[:-1][same] = begins[1:][same]
    return Frame(
        {
            "deal_id": deal_id[rows],
            "stage": STAGE_WORDS[stages],
            "entered_at": begins,
            "exited_at": ends,
        }
    )


def finance_of(deals: Deals, deal_id: Array, frame: Frame) -> Frame:
    """What was booked: the true contract value in the month of the signature."""
    won = np.flatnonzero(deals.won)
    won = won[np.lexsort((won, deals.closed_at[won]))]
    month = deals.closed_at[won].astype("datetime64[ms]").astype("datetime64[M]")
    next_month = (month + 1).astype("datetime64[ms]").astype(np.int64)
    return Frame(
        {
            "month": month.astype(str).astype(object),
            "deal_id": deal_id[won],
            "account_name": frame["account_name"][won],
            "amount_cents": deals.amount_cents[won],
            "currency": frame["currency"][won],
            "closed_at": deals.closed_at[won],
            "known_at": next_month + 5 * DAY_MS,
        }
    )


def customers_of(
    customers: Customers, deal_id: Array, contact_ids: Array, contact_of: Array
) -> Frame:
    return Frame(
        {
            "customer_id": text(f"cus_{a:06d}" for a in customers.actor.tolist()),
            "contact_id": contact_ids[contact_of[customers.actor]],
            "deal_id": Coded(customers.deal, deal_id),
            "plan": text(
                ("self_serve", "contract", "contract")[p]
                for p in customers.plan.tolist()
            ),
            "currency": text(MARKET_CURRENCY.values())[customers.market],
            "started_at": customers.started_at,
            "churned_at": customers.churned_at,
        }
    )


def invoices_of(customers: Customers) -> Frame:
    row, month = np.nonzero(customers.fee_cents)
    recent = customers.started_at[row] + month * MONTH_MS >= utc_midnight(-HISTORY_DAYS)
    row, month = row[recent], month[recent]
    at = customers.started_at[row] + month * MONTH_MS
    order = np.lexsort((row, at))
    row, month, at = row[order], month[order], at[order]
    return Frame(
        {
            "customer_id": text(f"cus_{a:06d}" for a in customers.actor[row].tolist()),
            "billed_at": at,
            "amount_cents": customers.fee_cents[row, month],
            "currency": text(MARKET_CURRENCY.values())[customers.market[row]],
        }
    )
