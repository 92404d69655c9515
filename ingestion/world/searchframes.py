"""What a search console could know: impressions, clicks and positions by day, page and query.

Clicks are the organic sessions of the log (before losses), put on the day they have in the search
engine's zone (Pacific). Sampling of rare queries and late days are the fake's business.
"""

from __future__ import annotations

import numpy as np

from ingestion.world import seasons
from ingestion.world.channels import SOURCE_CODE
from ingestion.world.frames import Array, Coded, Column, Frame, text
from ingestion.world.hashing import binomial, hash01, normal, poisson
from ingestion.world.masters import CONTENT_PAGES, OTHER_PAGES, PAGES
from ingestion.world.sessions import Sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.site import PAGE_CODE, Site

ZONE = "America/Los_Angeles"
# fmt: off
BRANDED = ("brindlemoor", "brindlemoor pricing", "brindle moor", "brindlemoor shift planning",
           "brindlemoor reviews", "brindlemoor live board")
_BRANDED_EDGES = np.cumsum((0.62, 0.12, 0.10, 0.08, 0.05, 0.03))
ENDINGS = ("", " template", " software", " example", " app", " for field service", " free",
           " rules")
_ENDING_EDGES = np.cumsum((0.36, 0.18, 0.13, 0.10, 0.08, 0.06, 0.05, 0.04))
# Series that no video of ours can move: support, rivals, the category. Clicks of support queries
# are customers'; the others end elsewhere.
SUPPORT = (("brindlemoor login", "/login", 26.0), ("brindlemoor reset password",
                                                   "/help/reset-password", 5.0))
ELSEWHERE = (("rotahawk alternative", "/pricing", 3.0), ("shiftwell pricing", "/pricing", 4.0),
             ("crewlark review", "/customers", 2.5), ("field service software", "/", 9.0),
             ("shift planning software", "/", 7.0), ("rota app", "/", 6.0))
# fmt: on
BRAND_CLICK_RATE = 0.46
VIDEO_SHARE = 0.05  # of clicks on pages with a player that come from the video tab
RICH_SHARE = 0.30  # of web rows on pages with a player that are shown with a video


def queries() -> list[str]:
    """All query texts; the code of a query is its place here."""
    words = [page.path.rsplit("/", 1)[1].replace("-", " ") for page in CONTENT_PAGES]
    own = [word + ending for word in words for ending in ENDINGS]
    return [
        *own,
        *BRANDED,
        *(row[0] for row in SUPPORT),
        *(row[0] for row in ELSEWHERE),
    ]


def search_frames(
    settings: WorldSettings, site: Site, sessions: Sessions
) -> tuple[Frame, Frame, Frame]:
    """Web rows (day, page, query), video rows (day, page, query), appearance rows (day)."""
    seed, days = settings.seed, settings.horizon
    skip = settings.burn_in_days
    nonbrand = np.flatnonzero(sessions.source == SOURCE_CODE["nonbrand_search"])
    day = pacific_day(settings, sessions.at)
    ending = np.searchsorted(
        _ENDING_EDGES, hash01(seed, "query", sessions.row[nonbrand]) * 0.9999
    )
    page = sessions.page[nonbrand]
    query = (page - len(OTHER_PAGES)) * len(ENDINGS) + ending
    cells = _Cells(days, len(queries()))
    cells.add(day[nonbrand], page, query, 1, 1)
    # Shown and not clicked: by the local day of the loop, spread over the page's queries.
    lost = site.shown - site.clicks - np.minimum(site.lifted, site.shown - site.clicks)
    left, share_left = lost[:, skip:], 1.0
    number, calendar = np.arange(len(CONTENT_PAGES))[:, None], np.arange(days)
    for k in range(len(ENDINGS)):
        share = float(np.diff(_ENDING_EDGES, prepend=0.0)[k])
        part = binomial(
            left,
            np.array(min(share / share_left, 1.0)),
            seed,
            f"unclicked {k}",
            number,
            calendar,
        )
        at, when = np.nonzero(part)
        cells.add(when, at + len(OTHER_PAGES), at * len(ENDINGS) + k, part[at, when], 0)
        left, share_left = left - part, share_left - share
    _branded(settings, sessions, day, cells)
    _elsewhere(settings, cells)
    web = cells.frame(settings)
    return _split_video(settings, site, web)


def pacific_day(settings: WorldSettings, at: Array) -> Array:
    first = -settings.burn_in_days - 1
    bounds = seasons.midnights(ZONE, first, settings.horizon - first + 1)
    return np.searchsorted(bounds, at, side="right") - 1 + first


class _Cells:
    """Impressions and clicks gathered by (day, page, query)."""

    def __init__(self, days: int, queries_: int) -> None:
        self._days, self._queries = days, queries_
        self._keys: list[Array] = []
        self._shown: list[Array] = []
        self._clicks: list[Array] = []

    def add(
        self, day: Array, page: Array, query: Array, shown: Array | int, clicks: int
    ) -> None:
        inside = (day >= 0) & (day < self._days)
        key = (np.asarray(day) * len(PAGES) + page) * self._queries + query
        self._keys.append(key[inside])
        self._shown.append(
            np.broadcast_to(np.asarray(shown, np.int64), key.shape)[inside]
        )
        self._clicks.append(
            np.broadcast_to(np.asarray(clicks, np.int64), key.shape)[inside]
        )

    def frame(self, settings: WorldSettings) -> Frame:
        keys, back = np.unique(np.concatenate(self._keys), return_inverse=True)
        shown = np.bincount(back, np.concatenate(self._shown), len(keys)).astype(
            np.int64
        )
        clicks = np.bincount(back, np.concatenate(self._clicks), len(keys)).astype(
            np.int64
        )
        day, rest = np.divmod(keys, len(PAGES) * self._queries)
        page, query = np.divmod(rest, self._queries)
        content = len(CONTENT_PAGES) * len(ENDINGS)
        brand = (query >= content) & (query < content + len(BRANDED) + len(SUPPORT))
        height = 4.0 + 9.0 * hash01(settings.seed, "height", query)
        spread = normal(settings.seed, "position", day, query)
        position = np.where(
            brand, 1.0 + 0.25 * np.abs(spread), height * np.exp(0.12 * spread)
        )
        return Frame(
            {
                "day": day.astype(np.int32),
                "page": page,
                "query_code": query,
                "is_brand": brand,
                "impressions": shown,
                "clicks": clicks,
                "position": np.round(np.maximum(position, 1.0), 2),
            }
        )


def _branded(
    settings: WorldSettings, sessions: Sessions, day: Array, cells: _Cells
) -> None:
    seed, first = settings.seed, len(CONTENT_PAGES) * len(ENDINGS)
    mine = np.flatnonzero(sessions.source == SOURCE_CODE["branded_search"])
    pick = np.searchsorted(
        _BRANDED_EDGES, hash01(seed, "brand query", sessions.row[mine]) * 0.9999
    )
    page = sessions.page[mine]
    support = (page == PAGE_CODE["/login"]) | (
        page == PAGE_CODE["/help/reset-password"]
    )
    reset = (page == PAGE_CODE["/help/reset-password"]).astype(int)
    query = first + np.where(support, len(BRANDED) + reset, pick)
    # Shown beside each click: a geometric number of searches that ended without one.
    u = hash01(seed, "brand shown", sessions.row[mine])
    more = np.floor(np.log(u) / np.log(1 - BRAND_CLICK_RATE)).astype(np.int64)
    cells.add(day[mine], page, query, 1 + more, 1)


def _elsewhere(settings: WorldSettings, cells: _Cells) -> None:
    days = np.arange(settings.horizon)
    first = len(CONTENT_PAGES) * len(ENDINGS) + len(BRANDED) + len(SUPPORT)
    calendar = seasons.factor(seasons.SITE_WEEKDAY, seasons.weekdays(0, len(days)))
    for k, (_, path, mean) in enumerate(ELSEWHERE):
        shown = poisson(
            mean * settings.scale * calendar, settings.seed, "elsewhere", k, days
        )
        there = np.flatnonzero(shown)
        page = np.full(len(there), PAGE_CODE[path])
        cells.add(there, page, np.full(len(there), first + k), shown[there], 0)


def _split_video(
    settings: WorldSettings, site: Site, web: Frame
) -> tuple[Frame, Frame, Frame]:
    """Rows of the video tab, taken out of the web rows; appearance totals by day."""
    seed = settings.seed
    day, page, query = web["day"], web["page"], web["query_code"]
    playing = site.player[page, day + settings.burn_in_days] >= 0
    key = (day.astype(np.int64) * len(PAGES) + page) * 4_096 + query
    clicks = binomial(
        web["clicks"] * playing, np.array(VIDEO_SHARE), seed, "video clicks", key
    )
    unclicked = web["impressions"] - web["clicks"]
    shown = clicks + binomial(
        unclicked * playing, np.array(VIDEO_SHARE), seed, "video shown", key
    )
    video = web.replaced(impressions=shown, clicks=clicks).where(shown > 0)
    rest = web.replaced(
        impressions=web["impressions"] - shown, clicks=web["clicks"] - clicks
    ).where(web["impressions"] - shown > 0)
    day, page, query = rest["day"], rest["page"], rest["query_code"]
    playing = site.player[page, day + settings.burn_in_days] >= 0
    key = (day.astype(np.int64) * len(PAGES) + page) * 4_096 + query
    rich_clicks = binomial(
        rest["clicks"] * playing, np.array(RICH_SHARE), seed, "rich", key
    )
    rich = rich_clicks + binomial(
        (rest["impressions"] - rest["clicks"]) * playing,
        np.array(RICH_SHARE),
        seed,
        "rich 2",
        key,
    )
    days = settings.horizon
    total = np.bincount(day, rich, days).astype(np.int64)
    weighted = np.bincount(day, rich * rest["position"], days)
    appearance = Frame(
        {
            "day": np.arange(days, dtype=np.int32),
            "appearance": text(["VIDEO"] * days),
            "impressions": total,
            "clicks": np.bincount(day, rich_clicks, days).astype(np.int64),
            "position": np.round(weighted / np.maximum(total, 1), 2),
        }
    ).where(total > 0)
    return _named(rest), _named(video), appearance


def _named(frame: Frame) -> Frame:
    paths, words = text(page.path for page in PAGES), text(queries())
    columns: dict[str, Column] = {
        "day": frame["day"],
        "page_path": Coded(frame["page"], paths),
        "query": Coded(frame["query_code"], words),
    }
    rest = ("is_brand", "impressions", "clicks", "position")
    return Frame({**columns, **{name: frame[name] for name in rest}})
