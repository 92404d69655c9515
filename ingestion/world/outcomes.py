"""From lead to deal: drawn once at the lead's birth from the person's hash, then left alone.

Sales sends videos to the better deals, which is the confounder of every naive reading; what a video
really does to speed and win rate are two numbers of the stories below. Times are epoch ms.
Not here: what the CRM shows of it (crm.py), customers after the signature (customers.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.actors import DAY_MS, Actors, company_sizes
from ingestion.world.channels import CODE
from ingestion.world.company import MARKET_CURRENCY, REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal
from ingestion.world.money import BASE_RATE
from ingestion.world.placements import Catalogue
from ingestion.world.sessions import Sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.stage import Life, Stage

STAGES = ("discovery", "demo", "evaluation", "proposal")
STAGE_DAYS = (12.0, 16.0, 26.0, 16.0)
STAGE_SD = 0.65
SIZE_PACE = (0.8, 1.0, 1.45)
SIZE_USD = (7_500.0, 19_000.0, 52_000.0)  # median contract a year
LOST_IN = (0.30, 0.25, 0.27, 0.18)
DEMO_LOG_DAYS = -0.357  # story S5: evaluation after a demo seen in stage demo
TESTIMONIAL_LOGIT = 0.80  # story S6: win logit after a testimonial seen in evaluation
ACCOUNT_PAUSE_DAYS = 120
NEVER = -1


@dataclass(frozen=True)
class Funnel:
    """One value per lead, in the order of lead_at. NEVER where a step was not reached."""

    actor: Array
    visit: Array  # row of visits
    lead_at: Array
    mql_at: Array
    sql_at: Array
    opportunity_at: Array
    quality: Array  # hidden
    score: Array  # what sales sees


@dataclass(frozen=True)
class Deals:
    """One value per deal, in the order of opened_at."""

    actor: Array
    company: Array
    size: Array
    market: Array  # index of MARKET_CURRENCY
    amount_cents: Array  # true contract value a year, native
    score: Array
    entered: Array  # (deals, 4) epoch ms a stage begins, NEVER if not reached
    closed_at: Array
    won: Array
    room: Array  # (deals, 4) placement seen in each stage, NEVER for none
    room_at: Array  # (deals, 4)
    quality: Array  # hidden


def sigmoid(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def _after(seed: int, purpose: str, actor: Array, days: float) -> Array:
    wait = days * np.exp(0.7 * normal(seed, purpose, actor))
    return (wait * DAY_MS).astype(np.int64)


def build_funnel(
    stage: Stage, life: Life, sessions: Sessions, actors: Actors
) -> Funnel:
    seed = stage.settings.seed
    actor = np.flatnonzero(life.lead_day > -900)
    visit = life.lead_visit[actor]
    lead_at = sessions.at[visit] + 120_000
    order = np.lexsort((actor, lead_at))
    actor, visit, lead_at = actor[order], visit[order], lead_at[order]
    company = actors.company[actor]
    fit = np.where(
        company >= 0, actors.company_fit[company], normal(seed, "own fit", actor)
    )
    quality = 0.7 * fit + 0.7 * normal(seed, "lead quality", actor)
    mql = hash01(seed, "mql", actor) < sigmoid(-0.45 + 0.8 * quality)
    mql &= ~stage.people.never[actor] & stage.settings.sales_led
    sql = mql & (hash01(seed, "sql", actor) < sigmoid(-0.45 + 0.55 * quality))
    opportunity = sql & (hash01(seed, "opportunity", actor) < 0.86)
    mql_at = lead_at + _after(seed, "to mql", actor, 3.0)
    sql_at = mql_at + _after(seed, "to sql", actor, 5.0)
    opportunity_at = sql_at + _after(seed, "to opportunity", actor, 2.0)
    opportunity &= _first_of_account(company, opportunity_at, opportunity)
    return Funnel(
        actor=actor,
        visit=visit,
        lead_at=lead_at,
        mql_at=np.where(mql, mql_at, NEVER),
        sql_at=np.where(sql, sql_at, NEVER),
        opportunity_at=np.where(opportunity, opportunity_at, NEVER),
        quality=quality,
        score=quality + 0.5 * normal(seed, "score", actor),
    )


def _first_of_account(company: Array, at: Array, wanted: Array) -> Array:
    """One opportunity per account in 120 days; people without an account are free."""
    free = np.ones(len(company), dtype=bool)
    last: dict[int, int] = {}
    for row in np.argsort(at, kind="stable").tolist():
        firm = int(company[row])
        if firm < 0 or not wanted[row]:
            continue
        if firm in last and at[row] - last[firm] < ACCOUNT_PAUSE_DAYS * DAY_MS:
            free[row] = False
        else:
            last[firm] = int(at[row])
    return free


def build_deals(stage: Stage, funnel: Funnel, actors: Actors) -> Deals:
    """Deals of the window's leads and of the 24 months before."""
    settings, seed = stage.settings, stage.settings.seed
    new = np.flatnonzero(funnel.opportunity_at != NEVER)
    old = np.flatnonzero(actors.kind == 1)
    old_quality = 0.7 + 0.8 * normal(seed, "old quality", old)
    actor = np.concatenate([funnel.actor[new], old])
    opened = np.concatenate(
        [
            funnel.opportunity_at[new],
            actors.born_at[old] + _after(seed, "old open", old, 9.0),
        ]
    )
    quality = np.concatenate([funnel.quality[new], old_quality])
    score = np.concatenate(
        [funnel.score[new], old_quality + 0.5 * normal(seed, "score", old)]
    )
    order = np.lexsort((actor, opened))
    actor, opened, quality, score = (
        actor[order],
        opened[order],
        quality[order],
        score[order],
    )
    company = actors.company[actor]
    size = company_sizes(seed, company)
    market = np.array(["UEG".index(r.market) for r in REGIONS])[actors.region[actor]]
    room, seen_demo, seen_proof = _rooms(settings, stage.catalogue, actor, quality)

    pace = np.array(SIZE_PACE)[size] * np.exp(-0.12 * quality)
    days = np.array(STAGE_DAYS) * pace[:, None]
    days = days * np.exp(
        STAGE_SD * normal(seed, "stage days", actor[:, None], np.arange(4))
    )
    if settings.tells("S5"):
        days[:, 2] *= np.where(seen_demo, np.exp(DEMO_LOG_DAYS), 1.0)

    won, lost_stage = _result(settings, actor, quality, size, seen_proof)
    ends = opened[:, None] + np.cumsum(days * DAY_MS, axis=1).astype(np.int64)
    entered = np.concatenate([opened[:, None], ends[:, :3]], axis=1)
    reached = np.arange(4) <= np.where(won, 3, lost_stage)[:, None]
    last = np.where(won, 3, lost_stage)
    part = 0.1 + 0.5 * hash01(seed, "room at", actor[:, None], np.arange(4))
    seen = reached & (room >= 0)
    rate = np.array([BASE_RATE[c] for c in MARKET_CURRENCY.values()])[market]
    usd = np.array(SIZE_USD)[size] * np.exp(0.35 * normal(seed, "contract", actor))
    return Deals(
        actor=actor,
        company=company,
        size=size,
        market=market,
        amount_cents=(np.rint(usd / rate / 60.0) * 6_000).astype(np.int64),
        score=score,
        entered=np.where(reached, entered, NEVER),
        closed_at=ends[np.arange(len(actor)), last],
        won=won,
        room=np.where(seen, room, NEVER),
        room_at=np.where(
            seen, entered + (part * days * DAY_MS).astype(np.int64), NEVER
        ),
        quality=quality,
    )


def _rooms(
    settings: WorldSettings, catalogue: Catalogue, actor: Array, quality: Array
) -> tuple[Array, Array, Array]:
    """Placement shown in each stage's sales room; who saw the demo, who the testimonial."""
    seed = settings.seed
    channel = catalogue.placements["channel"]
    rooms = np.flatnonzero(channel == "sales_room")
    video = catalogue.video_index[rooms]
    room = np.full((len(actor), 4), NEVER)
    sent = hash01(seed, "sent", actor[:, None], np.arange(4))
    special = [catalogue.part(name) for name in ("demo", "testimonial")]
    others = rooms[~np.isin(video, special)]
    if len(others):
        pick = (
            hash01(seed, "which room", actor[:, None], np.arange(4)) * len(others)
        ).astype(int)
        room = np.where(sent < 0.16, others[pick], NEVER)
    seen = []
    for stage, part in ((1, special[0]), (2, special[1])):
        there = rooms[video == part]
        chosen = (sent[:, stage] < sigmoid(0.9 * quality - 0.5)) & (len(there) > 0)
        room[:, stage] = np.where(chosen, there[0] if len(there) else NEVER, NEVER)
        seen.append(chosen)
    assert CODE["sales_room"] >= 0
    return room, seen[0], seen[1]


def _result(
    settings: WorldSettings,
    actor: Array,
    quality: Array,
    size: Array,
    seen_proof: Array,
) -> tuple[Array, Array]:
    """Won or not, and the stage in which a lost deal ends. Early losses come first."""
    seed = settings.seed
    chance = sigmoid(-1.95 + 0.75 * quality - 0.25 * (size == 2))
    early = sum(LOST_IN[:2])
    leaves_early = hash01(seed, "early loss", actor) < early * (1 - chance)
    logit = np.log(
        chance / ((1 - early) * (1 - chance))
    )  # among those that reach evaluation
    if settings.tells("S6"):
        logit = logit + TESTIMONIAL_LOGIT * seen_proof
    won = ~leaves_early & (hash01(seed, "won", actor) < sigmoid(logit))
    u = hash01(seed, "lost in", actor)
    first = np.where(u < LOST_IN[0] / early, 0, 1)
    later = np.where(u < LOST_IN[2] / (1 - early), 2, 3)
    return won, np.where(leaves_early, first, later)
