"""Events of people who already deal with the company: sales rooms, sign-ins, invoices, support.

Sales rooms and customers' player events reach 24 months back; the rest begins on day 0. Support
visits come by search for the log-in page, which no video can move. Not here: prospects (events.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world import seasons
from ingestion.world.actors import DAY_MS, Actors
from ingestion.world.channels import SOURCE_CODE
from ingestion.world.customers import MONTH_MS, Customers
from ingestion.world.eventparts import KIND, Part, Words, part, play_steps
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, hash64, poisson
from ingestion.world.outcomes import NEVER, Deals
from ingestion.world.searchframes import SUPPORT
from ingestion.world.sessions import BLOCKED, Sessions, build_sessions
from ingestion.world.settings import HISTORY_DAYS, WorldSettings
from ingestion.world.site import PAGE_CODE
from ingestion.world.tally import Plays

# Row numbers of visits by kind, far from each other, as keys of luck.
SUPPORT_ROWS, ROOM_ROWS, APP_ROWS, INVOICE_ROWS = 1 << 40, 1 << 41, 1 << 42, 1 << 43
INVOICE_RATE, RESET_RATE = 0.35, 0.6


def support_sessions(
    settings: WorldSettings, actors: Actors, customers: Customers
) -> Sessions:
    """Customers who search for the log-in or the password page, by day."""
    seed, days = settings.seed, np.arange(settings.horizon)
    calendar = seasons.factor(seasons.SITE_WEEKDAY, seasons.weekdays(0, len(days)))
    rows, day, page = [], [], []
    for number, (_, path, mean) in enumerate(SUPPORT):
        mean_count = mean * settings.scale * calendar
        asked = poisson(mean_count, seed, "support", number, days)
        total = int(asked.sum())
        day.append(np.repeat(days, asked))
        rows.append(SUPPORT_ROWS + number * (1 << 30) + np.arange(total))
        page.append(np.full(total, PAGE_CODE[path]))
    row, when, where = np.concatenate(rows), np.concatenate(day), np.concatenate(page)
    begun = np.searchsorted(customers.started_at, seasons.utc_midnight(when))
    pick = (hash01(seed, "who asks", row) * begun).astype(int)
    left = np.append(customers.churned_at, NEVER)[pick]
    stays = (begun > 0) & ((left == NEVER) | (left > seasons.utc_midnight(when)))
    row, when, where, pick = row[stays], when[stays], where[stays], pick[stays]
    count = len(row)
    none = np.full(count, -1)
    visit = {
        "person": customers.actor[pick] if count else none,
        "day": when,
        "page": where,
        "placement": none,
        "source": np.full(count, SOURCE_CODE["branded_search"]),
        "second": none,
        "load": none,
        "later": none,
        "play": none,
        "plays_second": np.zeros(count, bool),
        "watched": np.zeros(count),
        "is_lead": np.zeros(count, bool),
        "opened_from": none,
    }
    return build_sessions(settings, visit, actors.region, row)


def support_parts(settings: WorldSettings, support: Sessions) -> list[Part]:
    """Password resets in support visits."""
    reset = support.page == PAGE_CODE["/help/reset-password"]
    luck = hash01(settings.seed, "reset", support.row) < RESET_RATE
    rows = np.flatnonzero(reset & luck & ~support.blocked)
    return [
        part(
            len(rows),
            row=support.row[rows],
            kind=KIND["password_reset"],
            ordinal=40,
            anonymous=support.anonymous[rows],
            person=support.person[rows],
            at=support.at[rows] + 40_000,
            page=support.page[rows],
            signed_in=True,
            agent=support.person[rows] % 3,
        )
    ]


def room_events(
    settings: WorldSettings, deals: Deals, words: Words
) -> tuple[list[Part], Plays]:
    """Videos watched in sales rooms, with the deal they were sent for."""
    seed = settings.seed
    begin = int(seasons.utc_midnight(-HISTORY_DAYS))
    deal, stage = np.nonzero((deals.room != NEVER) & (deals.room_at >= begin))
    video, at, actor = (
        deals.room[deal, stage],
        deals.room_at[deal, stage],
        deals.actor[deal],
    )
    row = ROOM_ROWS + actor * 4 + stage
    share = np.minimum(
        1.0, 0.25 + 1.6 * (-np.log(hash01(seed, "room share", row))) ** 1.25
    )
    watched = share * words.seconds[video]
    plays = Plays(video, at + 1_000, video, at + 5_000, watched)
    seen = hash01(seed, "blocked", row) >= BLOCKED
    deal, video, at, actor, row = (
        deal[seen],
        video[seen],
        at[seen],
        actor[seen],
        row[seen],
    )
    common = {
        "row": row,
        "person": actor,
        "anonymous": hash64(seed, "anonymous", actor, 7, 0),
        "agent": actor % 3,
        "page": np.full(len(row), PAGE_CODE["/room"]),
        "deal": deal,
    }
    player = hash64(seed, "player", row, 0)
    parts = [
        part(
            len(row),
            kind=KIND["sales_room_view"],
            ordinal=50,
            at=at,
            video=video,
            **common,
        ),
        part(
            len(row),
            kind=KIND["player_load"],
            ordinal=51,
            at=at + 1_000,
            video=video,
            player=player,
            total=words.seconds[video],
            **common,
        ),
    ]
    parts += play_steps(
        words, at + 5_000, video, watched[seen], player=player, **common
    )
    return parts, plays


def customer_events(
    settings: WorldSettings, customers: Customers, words: Words, onboarding: int
) -> tuple[list[Part], Plays]:
    """First sign-in, onboarding video, activation, invoices. `onboarding`: its placement or -1."""
    seed = settings.seed
    begin = int(seasons.utc_midnight(-HISTORY_DAYS))
    fresh = np.flatnonzero(customers.started_at >= begin)
    actor, started = customers.actor[fresh], customers.started_at[fresh]
    row = APP_ROWS + actor
    common = {
        "row": row,
        "person": actor,
        "anonymous": hash64(seed, "anonymous", actor, 8, 0),
        "agent": actor % 3,
        "page": np.full(len(row), PAGE_CODE["/app/welcome"]),
        "signed_in": np.ones(len(row), bool),
    }
    seen = hash01(seed, "blocked", row) >= BLOCKED

    def some(mask: Array) -> dict[str, Array]:
        return {name: values[mask] for name, values in common.items()}

    parts = [
        part(
            int(seen.sum()),
            kind=KIND["identify"],
            ordinal=31,
            at=started[seen] + 60_000,
            known=True,
            **some(seen),
        ),
    ]
    active = (customers.activated_at[fresh] != NEVER) & seen
    left = customers.churned_at[fresh]
    active &= (left == NEVER) | (customers.activated_at[fresh] < left)
    parts.append(
        part(
            int(active.sum()),
            kind=KIND["activated"],
            ordinal=41,
            at=customers.activated_at[fresh][active],
            **some(active),
        )
    )
    none = np.zeros(0, dtype=int)
    plays = Plays(none, none, none, none, np.zeros(0))
    if onboarding >= 0:
        video = np.full(len(row), onboarding)
        load_at = np.where(
            customers.onboarding_at[fresh] == NEVER,
            started + DAY_MS // 2,
            customers.onboarding_at[fresh] - 4_000,
        )
        player = hash64(seed, "player", row, 0)
        parts.append(
            part(
                int(seen.sum()),
                kind=KIND["player_load"],
                ordinal=10,
                at=load_at[seen],
                video=video[seen],
                player=player[seen],
                total=words.seconds[video[seen]],
                **some(seen),
            )
        )
        watches = customers.onboarding_at[fresh] != NEVER
        share = np.minimum(
            1.0, 0.3 + 1.6 * (-np.log(hash01(seed, "app share", row))) ** 1.25
        )
        watched = share * words.seconds[video]
        play_at = customers.onboarding_at[fresh]
        both = watches & seen
        parts += play_steps(
            words,
            play_at[both],
            video[both],
            watched[both],
            player=player[both],
            **some(both),
        )
        plays = Plays(
            video, load_at, video[watches], play_at[watches], watched[watches]
        )
    parts.append(_invoices(settings, customers))
    return parts, plays


def _invoices(settings: WorldSettings, customers: Customers) -> Part:
    seed = settings.seed
    row, month = np.nonzero(customers.fee_cents)
    actor = customers.actor[row]
    at = customers.started_at[row] + month * MONTH_MS
    at = at + (6 * DAY_MS * hash01(seed, "fetches at", actor, month)).astype(np.int64)
    taken = (hash01(seed, "fetches", actor, month) < INVOICE_RATE) & (
        at >= seasons.utc_midnight(0)
    )
    row, month, actor, at = row[taken], month[taken], actor[taken], at[taken]
    return part(
        len(row),
        row=INVOICE_ROWS + actor * 512 + month,
        kind=KIND["invoice_download"],
        ordinal=42,
        anonymous=hash64(seed, "anonymous", actor, 8, 0),
        person=actor,
        agent=actor % 3,
        at=at,
        page=np.full(len(row), PAGE_CODE["/app/billing"]),
        signed_in=np.ones(len(row), bool),
    )
