"""The CRM's book cut at a moment: amounts not yet corrected, twins not yet merged.

updated_at is the last change before the moment. Not here: how a vendor pages or names it.
"""

from __future__ import annotations

import numpy as np

from ingestion.world.crm import LIFECYCLE, Book
from ingestion.world.frames import Array, Coded, Frame, text
from ingestion.world.outcomes import NEVER

STAGES_OF_LIFE = text(
    ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
)


def _known(at: Array, end: int) -> Array:
    """A date where it has come, NEVER where not."""
    return np.where((at != NEVER) & (at < end), at, NEVER)


def contacts_at(book: Book, end: int) -> Frame:
    """Contacts before `end`. Merged twins are gone and named by their main contact; deleted
    ones stay with is_archived."""
    frame = book.contacts.take(np.flatnonzero(book.contacts["created_at"] < end))
    merged, deleted = _known(frame["merged_at"], end), _known(frame["deleted_at"], end)
    steps = {name: _known(frame[name], end) for name in LIFECYCLE}
    table = np.stack(list(steps.values()))
    last = np.max(table, axis=0, initial=NEVER)
    stage = (table != NEVER) * np.arange(1, len(LIFECYCLE) + 1)[:, None]
    updated = np.maximum.reduce([frame["created_at"], last, merged, deleted])
    ids = frame["contact_id"]
    twin_ids = np.full(len(frame), None, dtype=object)
    twins = np.flatnonzero(merged != NEVER)
    into = frame["merged_into"][twins]
    twin_ids[into] = ids[twins]
    updated[into] = np.maximum(updated[into], merged[twins])
    out = frame.replaced(
        **steps,
        lifecycle_stage=Coded(stage.max(0) - 1, STAGES_OF_LIFE),
        merged_contact_id=twin_ids,
        is_archived=deleted != NEVER,
        archived_at=deleted,
        updated_at=updated,
    )
    return out.without("merged_at", "merged_into", "deleted_at").where(merged == NEVER)


def merged_at(book: Book, end: int) -> Frame:
    """Twins that are gone by `end`, with the contact they were merged into and when."""
    frame = book.contacts
    into = frame["merged_into"]
    ids = text(
        [
            None if row < 0 else str(frame_id)
            for row, frame_id in zip(
                into.tolist(), frame["contact_id"][into].tolist(), strict=True
            )
        ]
    )
    return frame.replaced(merged_into_id=ids).where(
        _known(frame["merged_at"], end) != NEVER
    )


def companies_at(book: Book, end: int) -> Frame:
    return book.companies.where(book.companies["created_at"] < end)


def deals_at(book: Book, end: int) -> Frame:
    frame = book.deals.where(book.deals["created_at"] < end)
    stages = stages_at(book, end)
    ids, stage, entered = stages["deal_id"], stages["stage"], stages["entered_at"]
    latest = dict(
        zip(
            ids.tolist(),
            zip(stage.tolist(), entered.tolist(), strict=True),
            strict=True,
        )
    )
    now = [latest[deal] for deal in frame["deal_id"].tolist()]
    closed = frame["closed_at"] < end
    corrected = _known(frame["corrected_at"], end)
    changed = frame["corrected_at"] == NEVER
    amount = np.where(
        changed | (corrected != NEVER),
        frame["amount_cents"],
        frame["amount_first_cents"],
    )
    return frame.replaced(
        stage=text(pair[0] for pair in now),
        amount_cents=amount,
        closed_at=np.where(closed, frame["closed_at"], NEVER),
        is_closed=closed,
        is_won=closed & frame["is_won"],
        updated_at=np.maximum(
            np.array([pair[1] for pair in now], dtype=np.int64), corrected
        ),
    ).without("amount_first_cents", "corrected_at", "account_name")


def stages_at(book: Book, end: int) -> Frame:
    frame = book.deal_stages.where(book.deal_stages["entered_at"] < end)
    return frame.replaced(exited_at=_known(frame["exited_at"], end))


def deal_contacts_at(book: Book, end: int) -> Frame:
    return book.deal_contacts.where(book.deal_contacts["added_at"] < end)


def finance_at(book: Book, end: int) -> Frame:
    return book.finance.where(book.finance["known_at"] < end).without("known_at")


def customers_at(book: Book, end: int) -> Frame:
    frame = book.customers.where(book.customers["started_at"] < end)
    return frame.replaced(churned_at=_known(frame["churned_at"], end))


def invoices_at(book: Book, end: int) -> Frame:
    return book.invoices.where(book.invoices["billed_at"] < end)
