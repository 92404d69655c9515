"""Customers after the signature: months paid, growth, leaving, and what they do in the app.

A customer's months are hashes of (actor, month), so the past stays fixed as time goes on.
Not here: invoices as a billing platform shows them (a fake), site events (rooms.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.actors import DAY_MS, Actors
from ingestion.world.company import MARKET_CURRENCY, REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal
from ingestion.world.money import BASE_RATE
from ingestion.world.outcomes import NEVER, Deals, Funnel, sigmoid
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import WorldSettings

MONTH_MS = int(30.4375 * DAY_MS)
CHURN = (
    0.030,
    0.0095,
    0.005,
)  # a month: self-serve, small and mid contract, large contract
EARLY_MONTHS, EARLY_FACTOR = 6, 1.5
ENGAGED_CHURN = 0.35
GROWS, GROWTH = 0.105, 0.15  # share of contracts a month, and by how much
SHRINKS, SHRINKS_TO = 0.01, 0.5
SELF_SERVE_USD = 75.0
SELF_SERVE_SHARE = 0.14  # of trial sign-ups
ONBOARDING_FACTOR, ONBOARDING_MONTHS = (
    0.60,
    6,
)  # story S7: churn after the onboarding video
ACTIVE_SHARE = 0.72


@dataclass(frozen=True)
class Customers:
    """One value per customer, in the order of started_at."""

    actor: Array
    deal: Array  # row of Deals, NEVER without one
    plan: Array  # 0 self-serve, 1 contract, 2 large contract
    market: Array
    started_at: Array
    months: Array  # paid months until leaving; those not leaving reach the horizon
    churned_at: Array  # NEVER while they stay
    fee_cents: Array  # (customers, months) a month's fee, 0 after leaving
    onboarding_at: Array  # the onboarding video was played, NEVER
    activated_at: Array
    engagement: Array  # hidden


def build_customers(
    settings: WorldSettings,
    actors: Actors,
    funnel: Funnel,
    deals: Deals,
    onboarding: bool,
) -> Customers:
    seed = settings.seed
    won = np.flatnonzero(deals.won & settings.sales_led)
    old = np.flatnonzero((actors.kind == 2) | (actors.kind == 3))
    trial = np.flatnonzero(
        (funnel.opportunity_at == NEVER)
        & (hash01(seed, "stays", funnel.actor) < SELF_SERVE_SHARE * 0.62)
        & (actors.company[funnel.actor] < 0)
        & settings.sales_led
    )
    wait = 9.0 * np.exp(0.6 * normal(seed, "to customer", funnel.actor[trial]))
    actor = np.concatenate([deals.actor[won], old, funnel.actor[trial]])
    deal = np.concatenate([won, np.full(len(old) + len(trial), NEVER)])
    large = deals.size[won] == 2
    plan = np.concatenate(
        [1 + large, np.where(actors.kind[old] == 2, 1, 0), np.zeros(len(trial), int)]
    )
    started = np.concatenate(
        [
            deals.closed_at[won],
            actors.born_at[old],
            funnel.lead_at[trial] + (wait * DAY_MS).astype(np.int64),
        ]
    )
    order = np.lexsort((actor, started))
    actor, deal, plan, started = actor[order], deal[order], plan[order], started[order]
    market = np.array(["UEG".index(r.market) for r in REGIONS])[actors.region[actor]]
    engagement = normal(seed, "engagement", actor)
    watches = onboarding & (
        hash01(seed, "onboarding", actor) < sigmoid(0.9 * engagement - 0.2)
    )
    onboarding_at = started + (
        12.0 * DAY_MS * hash01(seed, "onboarding at", actor) ** 2
    ).astype(np.int64)
    end = int(utc_midnight(settings.horizon))
    span = (
        int(max((end - int(started.min())) // MONTH_MS + 1, 1)) if len(started) else 1
    )
    month = np.arange(span)
    churn = np.array(CHURN)[plan][:, None] * np.where(
        month < EARLY_MONTHS, EARLY_FACTOR, 1.0
    )
    churn = churn * np.exp(-ENGAGED_CHURN * engagement)[:, None]
    if settings.tells("S7"):
        helped = watches[:, None] & (month < ONBOARDING_MONTHS)
        churn = np.where(helped, churn * ONBOARDING_FACTOR, churn)
    leaves = hash01(seed, "churn", actor[:, None], month) < churn
    months = np.where(leaves.any(1), leaves.argmax(1) + 1, span)
    churned_at = np.where(leaves.any(1), started + months * MONTH_MS, NEVER)
    fee = _first_fee(settings, actor, deal, plan, market, deals)
    u = hash01(seed, "growth", actor[:, None], month)
    step = np.where(u < GROWS, 1 + GROWTH, np.where(u > 1 - SHRINKS, SHRINKS_TO, 1.0))
    step = np.where((plan > 0)[:, None] & (month > 0), step, 1.0)
    fees = np.rint(fee[:, None] * np.cumprod(step, axis=1)).astype(np.int64)
    fees = fees * (month < months[:, None])
    active = hash01(seed, "activates", actor) < ACTIVE_SHARE
    activated = started + (
        DAY_MS * 9.0 * np.exp(0.8 * normal(seed, "activated", actor) - 0.2 * engagement)
    ).astype(np.int64)
    return Customers(
        actor=actor,
        deal=deal,
        plan=plan,
        market=market,
        started_at=started,
        months=months,
        churned_at=churned_at,
        fee_cents=fees,
        onboarding_at=np.where(watches, onboarding_at, NEVER),
        activated_at=np.where(active, activated, NEVER),
        engagement=engagement,
    )


def _first_fee(
    settings: WorldSettings,
    actor: Array,
    deal: Array,
    plan: Array,
    market: Array,
    deals: Deals,
) -> Array:
    """Cents a month at the start: a twelfth of the contract, or the self-serve plan."""
    seed = settings.seed
    rate = np.array([BASE_RATE[c] for c in MARKET_CURRENCY.values()])[market]
    small = SELF_SERVE_USD * np.exp(0.4 * normal(seed, "plan fee", actor))
    usd = np.where(
        plan == 0, small, 1_000.0 * np.exp(0.6 * normal(seed, "old fee", actor))
    )
    native = np.rint(usd / rate).astype(np.int64) * 100
    if not len(deals.amount_cents):
        return native
    return np.where(deal >= 0, deals.amount_cents[deal] // 12, native)
