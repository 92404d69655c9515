"""The company's own site: its pages, the players on them, and the way a visit takes.

A visit's way is a hash of (person, day, source), never a draw from a stream. Not here: who comes
(exposure.py), the events that a visit leaves (events.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.channels import CODE, SOURCE_CODE
from ingestion.world.frames import Array
from ingestion.world.hashing import binomial, hash01, hash64, mix64, to_unit
from ingestion.world.masters import CONTENT_PAGES, OTHER_PAGES, PAGES
from ingestion.world.placements import Catalogue
from ingestion.world.plan import STAGGERED
from ingestion.world.search import EMBED_LIFT, page_click_rates, page_impressions
from ingestion.world.settings import WorldSettings
from ingestion.world.streams import Streams
from ingestion.world.traits import Traits

PAGE_CODE = {page.path: code for code, page in enumerate(PAGES)}
PLAY_RATE = 0.27
NEXT_STEP = 0.45  # chance of a second page
NEXT_STEP_LIFT = 0.07  # where a video is available on a page of the staggered eight
THIRD_STEP = 0.45

# fmt: off
_FRONT = ("/", "/pricing", "/customers", "/product/rosters", "/product/live-board",
          "/product/time-tracking", "/product/compliance", "/product/mobile-app",
          "/product/reports")
# fmt: on
_FRONT_EDGES = np.cumsum((0.50, 0.16, 0.06, 0.06, 0.06, 0.04, 0.04, 0.04, 0.04))
_FRONT_CODES = np.array([PAGE_CODE[path] for path in _FRONT])
# fmt: off
_NEXT = ("/pricing", "/demo", "/customers", "/", "/product/rosters", "/product/live-board",
         "/product/time-tracking", "/product/mobile-app", "/industries/hvac",
         "/industries/electrical")
# fmt: on
_NEXT_EDGES = np.cumsum((0.26, 0.12, 0.08, 0.10, 0.12, 0.10, 0.08, 0.06, 0.04, 0.04))
_NEXT_CODES = np.array([PAGE_CODE[path] for path in _NEXT])
_STAGGERED_PATHS = frozenset(path for _, path in STAGGERED)
Rows = dict[str, Array]


@dataclass(frozen=True)
class Site:
    """Pages by day. Arrays of shape (pages, days from -burn_in) unless said otherwise."""

    seed: int
    first: int
    player: Array  # placement whose video stands on the page, -1 for none
    staggered: Array  # (pages,) bool
    seconds: Array  # (placements,)
    landing: Array  # (placements,) page a link leads to
    shown: Array  # (content pages, days) non-brand impressions
    clicks: Array  # of those, without any video
    lifted: Array  # clicks on top where a video is embedded
    next_lift: float

    def walk(
        self, rows: Rows, day: int, step: int, ghost: Array, *, quiet: bool = False
    ) -> Rows:
        """The pages of each visit and the play on them, if any."""
        person, page = rows["person"], rows["page"].astype(np.int64)
        bits = hash64(
            self.seed, "visit", person, day, rows["source"], rows["placement"]
        )
        player = self.player[:, step]
        player = np.where((player >= 0) & ~ghost[player], player, -1)
        load = player[page]
        chance = NEXT_STEP + self.next_lift * (self.staggered[page] & (load >= 0))
        goes = to_unit(bits) < chance
        bits = mix64(bits)
        second = _NEXT_CODES[
            np.searchsorted(_NEXT_EDGES, np.minimum(to_unit(bits), 0.999_999))
        ]
        second = np.where(goes & (second != page), second, -1)
        later = np.where(second >= 0, player[second], -1)
        if quiet:
            load, later = np.full_like(load, -1), np.full_like(later, -1)
        bits = mix64(bits)
        u = to_unit(bits)
        plays_first = (load >= 0) & (u < PLAY_RATE)
        plays_second = ~plays_first & (later >= 0) & (1 - u < PLAY_RATE)
        play = np.where(plays_first, load, np.where(plays_second, later, -1))
        share = np.minimum(1.0, 1.6 * (-np.log(to_unit(mix64(bits)))) ** 1.25)
        return {
            "day": np.full(len(person), day, dtype=np.int16),
            "person": person.astype(np.int32),
            "source": rows["source"],
            "placement": rows["placement"],
            "page": page.astype(np.int16),
            "second": second.astype(np.int16),
            "load": load.astype(np.int16),
            "later": later.astype(np.int16),
            "play": play.astype(np.int16),
            "plays_second": plays_second,
            "watched": np.where(play >= 0, share * self.seconds[play], 0.0).astype(
                np.float32
            ),
        }

    def searchers(
        self, streams: Streams, weight: Array, step: int, ghost: Array
    ) -> list[Rows]:
        """Visits from non-brand search: pages decide how many, intent decides who."""
        mass = np.cumsum(weight, dtype=np.float64)
        parts = []
        content = np.arange(len(CONTENT_PAGES)) + len(OTHER_PAGES)
        player = self.player[content, step]
        shown = (player >= 0) & ~ghost[player]
        for name, count in (
            ("nonbrand", self.clicks[:, step]),
            ("nonbrand extra", self.lifted[:, step] * shown),
        ):
            total = int(count.sum()) if mass[-1] > 0 else 0
            u = streams.open(name).random(total)
            who = np.minimum(
                np.searchsorted(mass, u * mass[-1], side="right"), len(mass) - 1
            )
            pages = np.repeat(content, count) if total else np.zeros(0, dtype=np.int64)
            parts.append(
                {
                    "person": who.astype(np.int32),
                    "source": np.full(total, SOURCE_CODE["nonbrand_search"], np.int16),
                    "placement": np.full(total, -1, np.int16),
                    "page": pages.astype(np.int16),
                }
            )
        return parts

    @staticmethod
    def front_page(u: Array) -> Array:
        """Where somebody who knows the company enters, by a uniform number."""
        return _FRONT_CODES[np.searchsorted(_FRONT_EDGES, np.minimum(u, 0.999_999))]

    @staticmethod
    def form_page(small: Array) -> Array:
        """The page of the form: a trial (True) or a demo."""
        return np.where(small, PAGE_CODE["/signup"], PAGE_CODE["/demo"])


def failures(settings: WorldSettings, path: str, start: int) -> list[tuple[int, int]]:
    """First and last day of each spell in which the page's player does not load."""
    if path not in _STAGGERED_PATHS:
        return []
    day = (
        start
        + 40
        + int(60 * float(hash01(settings.seed, "player fails", PAGE_CODE[path])))
    )
    return [(day, day + 2)]


def build_site(settings: WorldSettings, catalogue: Catalogue, traits: Traits) -> Site:
    first = -settings.burn_in_days
    days = np.arange(first, settings.horizon)
    player = np.full((len(PAGES), len(days)), -1)
    paths = catalogue.placements["page_path"]
    embedded = np.zeros(len(PAGES), dtype=bool)
    part = catalogue.part("embedded")
    for p in np.flatnonzero(traits.channel == CODE["site_player"]):
        code = PAGE_CODE[paths[p]]
        player[code, (days >= traits.start[p]) & (days <= traits.end[p])] = p
        for begin, end in failures(settings, paths[p], int(traits.start[p])):
            player[code, (days >= begin) & (days <= end)] = -1
        embedded[code] |= traits.video[p] == part
    staggered = np.zeros(len(PAGES), dtype=bool)
    staggered[[PAGE_CODE[path] for _, path in STAGGERED]] = True
    shown = page_impressions(settings, first, len(days))
    rate = page_click_rates(settings)[:, None]
    page = np.arange(len(CONTENT_PAGES))[:, None]
    clicks = binomial(shown, rate, settings.seed, "page clicks", page, days)
    content = slice(len(OTHER_PAGES), None)
    on = embedded[content, None] & (player[content] >= 0) & settings.tells("S8")
    extra = rate * EMBED_LIFT / (1 - rate)
    lifted = binomial(
        (shown - clicks) * on, extra, settings.seed, "page lift", page, days
    )
    landing = np.array(
        [PAGE_CODE[path] for path in catalogue.placements["landing_path"]]
    )
    return Site(
        seed=settings.seed,
        first=first,
        player=player,
        staggered=staggered,
        seconds=traits.seconds,
        landing=landing,
        shown=shown,
        clicks=clicks,
        lifted=lifted,
        next_lift=NEXT_STEP_LIFT if settings.tells("Q8") else 0.0,
    )
