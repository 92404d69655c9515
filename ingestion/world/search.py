"""Non-brand demand in search, page by page: who could have come, before anyone does.

Counts per content page and day are hashes of (page, day), so the month that decides which pages are
weakest is known before any video stands on them. Branded visits follow from people (exposure.py);
the tables that a search console shows are made in searchframes.py.
"""

from __future__ import annotations

import numpy as np

from ingestion.world import seasons
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal, poisson
from ingestion.world.masters import CONTENT_PAGES
from ingestion.world.plan import EMBED_DAY, EMBED_PAGES, STAGGERED
from ingestion.world.settings import WorldSettings

IMPRESSIONS_A_DAY = 880.0  # over all content pages, at default size
CLICK_RATE = 0.030
EMBED_LIFT = 0.25  # story S8: click rate of a page with an embedded video


def page_impressions(settings: WorldSettings, first: int, count: int) -> Array:
    """Non-brand impressions, shape (content pages, count), int64."""
    seed, days = settings.seed, np.arange(first, first + count)
    page = np.arange(len(CONTENT_PAGES))[:, None]
    size = np.exp(0.35 * normal(seed, "page size", page))
    month = np.exp(
        0.16 * normal(seed, "page month", page, np.floor_divide(days + 1000, 28))
    )
    daily = np.exp(0.10 * normal(seed, "page day", page, days))
    calendar = seasons.factor(seasons.SITE_WEEKDAY, seasons.weekdays(first, count))
    calendar = calendar * seasons.factor(seasons.MONTH, seasons.months(first, count))
    mean = IMPRESSIONS_A_DAY * settings.scale * settings.site_rate / (len(page) * 1.16)
    return poisson(
        mean * size * month * daily * calendar, seed, "page shown", page, days
    )


def page_click_rates(settings: WorldSettings) -> Array:
    """Click rate per content page without any video, shape (content pages,)."""
    page = np.arange(len(CONTENT_PAGES))
    return np.asarray(
        CLICK_RATE * np.exp(0.25 * normal(settings.seed, "page rate", page) - 0.03)
    )


def weak_pages(settings: WorldSettings) -> list[str]:
    """Paths of the pages with the fewest clicks in the month before the embed.

    Pages that get a video of their own in another trial are left out.
    """
    shown = page_impressions(settings, EMBED_DAY - 28, 28).sum(1)
    luck = hash01(settings.seed, "page luck", np.arange(len(CONTENT_PAGES))) - 0.5
    clicks = shown * page_click_rates(settings) * (1 + 0.1 * luck)
    taken = {path for _, path in STAGGERED}
    free = [
        i for i in np.argsort(clicks).tolist() if CONTENT_PAGES[i].path not in taken
    ]
    return [CONTENT_PAGES[i].path for i in sorted(free[:EMBED_PAGES])]
