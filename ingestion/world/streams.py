"""Random numbers of the loop over days: one stream per (seed, day, purpose).

A stream always draws the same shape, whatever is switched off, so that two runs of one seed differ
only by what was changed. Not here: chance outside the loop (hashing.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world.frames import Array

_DAY_ZERO = 2_000  # entropy words cannot be negative
PURPOSES = (
    "intent",
    "market",
    "length",
    "retargeting",
    "branded_search",
    "paid_search",
    "direct",
    "email",
    "lead",
    "watch",
    "leave",
    "click",
    "youtube_organic",
    "youtube_ads",
    "meta",
    "linkedin_ads",
    "tiktok_ads",
    "social_organic",
    "nonbrand",
    "nonbrand extra",
    "never",
    "unrelated",
)
_NUMBER = {purpose: number for number, purpose in enumerate(PURPOSES)}


class Streams:
    """The streams of one day."""

    def __init__(self, seed: int, day: int) -> None:
        self._head = (seed, day + _DAY_ZERO)

    def open(self, purpose: str) -> np.random.Generator:
        words = (*self._head, _NUMBER[purpose])
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(words)))

    def uniform(self, purpose: str, count: int) -> Array:
        return self.open(purpose).random(count, dtype=np.float32)
