"""A shop instead of a sales team: orders within a week of the first contact, and again later.

Stands where outcomes.build_deals stands, so that nothing behind it knows the difference. Not here:
the sales-led funnel (outcomes.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world.actors import DAY_MS, Actors
from ingestion.world.company import MARKET_CURRENCY, REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal, poisson
from ingestion.world.money import BASE_RATE
from ingestion.world.outcomes import NEVER, Deals, Funnel
from ingestion.world.settings import WorldSettings

FIRST_ORDER = 0.55  # of leads
FIRST_WITHIN_DAYS = 7.0
REPEATS = 0.7  # mean further orders
REPEAT_DAYS = 45.0
ORDER_USD = 64.0  # median


def build_orders(settings: WorldSettings, funnel: Funnel, actors: Actors) -> Deals:
    """Orders as deals that are won the moment they are opened; no stage, no room."""
    seed = settings.seed
    buys = np.flatnonzero(hash01(seed, "orders", funnel.actor) < FIRST_ORDER)
    more = poisson(np.full(len(buys), REPEATS), seed, "repeats", funnel.actor[buys])
    row = np.repeat(buys, more + 1)
    first = np.concatenate([[0], np.cumsum(more + 1)[:-1]]).astype(np.int64)
    turn = np.arange(len(row)) - np.repeat(first, more + 1)
    actor = funnel.actor[row]
    wait = np.where(
        turn == 0,
        FIRST_WITHIN_DAYS * hash01(seed, "order wait", actor) ** 2,
        FIRST_WITHIN_DAYS
        + REPEAT_DAYS * (turn + hash01(seed, "again wait", actor, turn)),
    )
    at = funnel.lead_at[row] + (wait * DAY_MS).astype(np.int64)
    order = np.lexsort((turn, actor, at))
    row, turn, actor, at = row[order], turn[order], actor[order], at[order]
    market = np.array(["UEG".index(r.market) for r in REGIONS])[actors.region[actor]]
    rate = np.array([BASE_RATE[c] for c in MARKET_CURRENCY.values()])[market]
    usd = ORDER_USD * np.exp(0.5 * normal(seed, "basket", actor, turn))
    entered = np.full((len(row), 4), NEVER)
    entered[:, 0] = at
    none: Array = np.full((len(row), 4), NEVER)
    return Deals(
        actor=actor,
        company=np.full(len(row), NEVER),
        size=np.zeros(len(row), dtype=np.int64),
        market=market,
        amount_cents=np.rint(100 * usd / rate).astype(np.int64),
        score=np.zeros(len(row)),
        entered=entered,
        closed_at=at + 1_000,
        won=np.ones(len(row), dtype=bool),
        room=none,
        room_at=none,
        quality=funnel.quality[row],
    )
