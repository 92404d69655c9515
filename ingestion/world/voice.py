"""What customers say: NPS answers twice a year, reviews, support tickets.

Only the numbers; no texts. Not here: who stays (customers.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world.actors import DAY_MS
from ingestion.world.customers import MONTH_MS, Customers
from ingestion.world.frames import Frame, text
from ingestion.world.hashing import hash01, normal, poisson
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import HISTORY_DAYS, WorldSettings

NPS_MEAN, NPS_ENGAGED, NPS_SD, NPS_ANSWERED = 8.4, 0.9, 1.6, 0.22
REVIEWS_A_DAY = 12 / 30.4375
TICKETS_A_MONTH = 0.09  # per customer
# Panel asked after a campaign: share that trusts the brand without having seen it, what
# seeing it adds, and how many answer a week.
TRUSTS, TRUSTS_MORE, ASKED_A_WEEK = 0.31, 0.06, 24


def nps(settings: WorldSettings, customers: Customers) -> Frame:
    """One row per answer: every customer is asked twice a year."""
    rounds = np.arange(16)
    asked = customers.started_at[:, None] + (60 + 182 * rounds) * DAY_MS
    still = (customers.churned_at[:, None] < 0) | (
        asked < customers.churned_at[:, None]
    )
    key = customers.actor[:, None]
    answers = hash01(settings.seed, "answers", key, rounds) < NPS_ANSWERED
    row, turn = np.nonzero(still & answers & (asked >= utc_midnight(-HISTORY_DAYS)))
    mood = NPS_MEAN + NPS_ENGAGED * customers.engagement[row]
    mood = mood + NPS_SD * normal(settings.seed, "nps", customers.actor[row], turn)
    frame = Frame(
        {
            "customer_id": text(f"cus_{a:06d}" for a in customers.actor[row].tolist()),
            "answered_at": asked[row, turn] + DAY_MS // 3,
            "score": np.clip(np.rint(mood), 0, 10).astype(np.int64),
        }
    )
    return frame.sort("answered_at", "customer_id")


def reviews(settings: WorldSettings) -> Frame:
    """One row per review, stars 1 to 5, mean about 4.5."""
    days = np.arange(-HISTORY_DAYS, settings.horizon)
    count = poisson(
        np.array(REVIEWS_A_DAY * settings.scale), settings.seed, "reviews", days
    )
    day = np.repeat(days, count)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    number = np.arange(len(day)) - np.repeat(first, count)
    stars = 4.75 + 0.8 * normal(settings.seed, "stars", day, number)
    return Frame(
        {
            "day": day,
            "number": number,
            "stars": np.clip(np.rint(stars), 1, 5).astype(int),
        }
    )


def tickets(settings: WorldSettings, customers: Customers) -> Frame:
    """One row per support ticket."""
    row, month = np.nonzero(customers.fee_cents)
    actor = customers.actor[row]
    asks = hash01(settings.seed, "ticket", actor, month) < TICKETS_A_MONTH
    actor, row, month = actor[asks], row[asks], month[asks]
    when = customers.started_at[row] + month * MONTH_MS
    when = when + (MONTH_MS * hash01(settings.seed, "ticket at", actor, month)).astype(
        np.int64
    )
    frame = Frame(
        {"customer_id": text(f"cus_{a:06d}" for a in actor.tolist()), "opened_at": when}
    ).where(when >= utc_midnight(-HISTORY_DAYS))
    return frame.sort("opened_at", "customer_id")


def panel(settings: WorldSettings) -> Frame:
    """One row per respondent of the weekly trust question, half of them unexposed."""
    weeks = np.arange(1, max(settings.horizon // 7, 1))
    week, number = (
        each.ravel()
        for each in np.meshgrid(weeks, np.arange(ASKED_A_WEEK), indexing="ij")
    )
    is_exposed = number % 2 == 0
    share = TRUSTS + TRUSTS_MORE * settings.effect_scale * is_exposed
    return Frame(
        {
            "day": (7 * week - 1 - number % 5).astype(np.int32),
            "number": number,
            "is_exposed": is_exposed,
            "trusts": hash01(settings.seed, "trusts", week, number) < share,
        }
    ).sort("day", "number")
