"""Site events: what sessions leave in the event collector, late, doubled and lost ones included.

Every event is a row of one frame in the order of arrival. E-mail addresses are plain here; the
connector hashes them on the way in. Not here: sessions (sessions.py), file formats (the fake).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingestion.world import seasons
from ingestion.world.channels import (
    REFERRER,
    SOCIAL_REFERRER,
    SOCIAL_SOURCE,
    SOURCE_CODE,
    SOURCES,
    UTM,
)
from ingestion.world.eventparts import (
    AGENTS,
    BLANK,
    FORMS,
    KIND,
    KINDS,
    NAMES,
    Part,
    Words,
    part,
    play_steps,
)
from ingestion.world.frames import Array, Coded, Frame, HexKeys, text
from ingestion.world.hashing import hash01, hash64
from ingestion.world.masters import PAGES
from ingestion.world.sessions import Sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.site import PAGE_CODE, Site

LATE, LATE_DAYS, DOUBLED = 0.02, 6.0, 0.004
OUTAGE = (200, 204)  # story S14: days without a single event


def session_parts(
    settings: WorldSettings, sessions: Sessions, words: Words
) -> list[Part]:
    """Events of sessions that were not blocked, from day 0 on."""
    seed = settings.seed
    kept = np.flatnonzero(~sessions.blocked & (sessions.day >= 0))
    at, row = sessions.at, sessions.row
    agent = np.where(sessions.device == 1, 3 + sessions.person % 2, sessions.person % 3)

    def rows(chosen: Array, kind: str, ordinal: int, after: Any, **more: Any) -> Part:
        return part(
            len(chosen),
            row=row[chosen],
            kind=KIND[kind],
            ordinal=ordinal,
            anonymous=sessions.anonymous[chosen],
            person=sessions.person[chosen],
            at=at[chosen] + np.asarray(np.rint(np.asarray(after) * 1000), np.int64),
            agent=agent[chosen],
            **more,
        )

    tagged = sessions.tagged[kept]
    parts = [
        rows(
            kept,
            "page",
            0,
            0,
            page=sessions.page[kept],
            source=np.where(
                tagged | (sessions.source[kept] >= SOURCE_CODE["branded_search"]),
                sessions.source[kept],
                -2 - sessions.source[kept],
            ),
            placement=np.where(tagged, sessions.placement[kept], -1),
            click=np.where(tagged, sessions.click_key[kept], np.uint64(0)),
        )
    ]
    onward = kept[sessions.second[kept] >= 0]
    dwell = (
        12
        + 240 * hash01(seed, "dwell", row) ** 2
        + sessions.watched * ~sessions.plays_second
    )
    parts.append(rows(onward, "page", 1, dwell[onward], page=sessions.second[onward]))
    further = onward[hash01(seed, "third page", row[onward]) < 0.45]
    third = Site.front_page(hash01(seed, "which page", row[further]))
    parts.append(rows(further, "page", 2, dwell[further] * 1.9 + 9, page=third))
    for number, (column, page) in enumerate(
        ((sessions.load, sessions.page), (sessions.later, sessions.second))
    ):
        loads = kept[column[kept] >= 0]
        wait = 1.2 if number == 0 else dwell[loads] + 1.2
        parts.append(
            rows(
                loads,
                "player_load",
                10 + number,
                wait,
                page=page[loads],
                video=column[loads],
                player=hash64(seed, "player", row[loads], number),
                total=words.seconds[column[loads]],
            )
        )
    plays = kept[sessions.play[kept] >= 0]
    second = sessions.plays_second[plays]
    begin = np.where(second, dwell[plays] + 4.0, 4.0)
    parts += play_steps(
        words,
        at[plays] + np.rint(begin * 1000).astype(np.int64),
        sessions.play[plays],
        sessions.watched[plays],
        row=row[plays],
        anonymous=sessions.anonymous[plays],
        person=sessions.person[plays],
        agent=agent[plays],
        page=np.where(second, sessions.second[plays], sessions.page[plays]),
        player=hash64(seed, "player", row[plays], second.astype(int)),
    )
    forms = kept[sessions.is_lead[kept]]
    form = (sessions.page[forms] == PAGE_CODE["/signup"]).astype(int)
    fill = 45 + 120 * hash01(seed, "fill", row[forms])
    parts.append(
        rows(
            forms,
            "form_submit",
            30,
            fill,
            page=sessions.page[forms],
            form=form,
            known=True,
        )
    )
    known = kept[
        sessions.is_lead[kept] | (sessions.source[kept] == SOURCE_CODE["email"])
    ]
    wait = np.where(sessions.is_lead[known], 170.0, 2.0)
    parts.append(
        rows(
            known,
            "identify",
            31,
            wait,
            page=sessions.page[known],
            known=True,
            signed_in=True,
        )
    )
    return parts


def event_frame(settings: WorldSettings, parts: list[Part], words: Words) -> Frame:
    """All parts as one frame, sorted by arrival, with late, doubled and missing rows."""
    seed = settings.seed
    c = {name: np.concatenate([p[name] for p in parts]) for name in BLANK}
    if settings.tells("S14"):
        day = seasons.utc_day(c["at"])
        kept = np.flatnonzero((day < OUTAGE[0]) | (day > OUTAGE[1]))
        c = {name: values[kept] for name, values in c.items()}
    key = hash64(seed, "message", c["row"], c["ordinal"])
    late = hash01(seed, "late", key) < LATE
    delay = 800 + 4_000 * hash01(seed, "delay", key)
    delay = np.where(
        late, LATE_DAYS * 86_400_000 * hash01(seed, "how late", key), delay
    )
    received = c["at"] + delay.astype(np.int64)
    again = np.flatnonzero(hash01(seed, "doubled", key) < DOUBLED)
    index = np.concatenate([np.arange(len(key)), again])
    wait = (1_000 + 600_000 * hash01(seed, "again", key[again])).astype(np.int64)
    received = np.concatenate([received, received[again] + wait])
    order = np.argsort(received, kind="stable")
    index, received = index[order], received[order]
    c = {name: values[index] for name, values in c.items()}
    placement, source = c["placement"], c["source"]
    origin = np.where(
        source <= -2, -2 - source, source
    )  # untagged visits keep their referrer
    tagged = source >= 0
    paths = text(page.path for page in PAGES)
    urls = text(f"https://brindlemoor.example{path}" for path in paths)
    campaign = np.where(tagged, placement, -1)
    refer = text(sorted({*REFERRER.values(), *SOCIAL_REFERRER}))
    refer_of = np.array([_index(refer, REFERRER.get(name)) for name in SOURCES] + [-1])
    utm = {i: text(UTM.get(name, (None, None))[i] for name in SOURCES) for i in (0, 1)}
    utm[0] = np.append(utm[0], text(SOCIAL_SOURCE))
    utm[1] = np.append(utm[1], text(["social"] * len(SOCIAL_SOURCE)))
    has_utm = np.array([name in UTM for name in SOURCES])
    utm_code = np.where(tagged & has_utm[np.maximum(source, 0)], source, -1)
    # a post of social_organic: its network's own word and visitors
    network = np.append(words.networks, -1)[campaign]
    social = tagged & (network >= 0)
    utm_code = np.where(social, len(SOURCES) + network, utm_code)
    social_refer = np.array([_index(refer, name) for name in SOCIAL_REFERRER])
    referrer = np.where(source == -1, -1, refer_of[origin])
    referrer = np.where(social, social_refer[network], referrer)
    paid_search = tagged & (source == SOURCE_CODE["paid_search"])
    campaigns = np.append(words.campaigns, text(["search-generic"]))
    person = c["person"]
    return Frame(
        {
            "message_id": HexKeys(key[index]),
            "anonymous_id": HexKeys(c["anonymous"], "a-"),
            "user_id": HexKeys(
                np.where(c["signed_in"], hash64(seed, "user", person), np.uint64(0)),
                "u-",
            ),
            "event": Coded(c["kind"], text(KINDS)),
            "event_name": Coded(c["kind"], text(NAMES)),
            "event_at": c["at"],
            "received_at": received,
            "page_url": Coded(c["page"], urls),
            "page_path": Coded(c["page"], paths),
            "referrer": Coded(referrer, refer),
            "utm_source": Coded(utm_code, utm[0]),
            "utm_medium": Coded(utm_code, utm[1]),
            "utm_campaign": Coded(
                np.where(paid_search, len(words.campaigns), campaign), campaigns
            ),
            "utm_content": Coded(campaign, words.tags),
            "click_id": HexKeys(c["click"], "ck-"),
            "video_ref": Coded(c["video"], words.variants),
            "player_session_id": HexKeys(c["player"], "ps-"),
            "position_seconds": c["position"].astype(np.float64),
            "total_seconds": c["total"].astype(np.float64),
            "quartile": c["quartile"].astype(np.int16),
            "form_id": Coded(c["form"], text(FORMS)),
            "email": Coded(np.where(c["known"], person, -1), words.emails),
            "deal_ref": Coded(c["deal"], words.deals),
            "user_agent": Coded(c["agent"], text(AGENTS)),
        }
    )


def _index(words: Array, word: str | None) -> int:
    return -1 if word is None else words.tolist().index(word)
