"""What an ad platform of the sandbox has counted of its ads by now.

From the company's view: an ad's delivery by day, by region and day, and the conversions it
claims. How much of a day is there after how many days is the platform's own curve. Not
here: fields, envelopes, units (each source's fake).
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ingestion.world import View
from ingestion.world.frames import Array

NEWEST_LAG = 1  # these platforms show a day once it is over


class AdBook:
    """The ads of one platform, in the order of the company's placements.

    `counted`: days since the activity day -> share of the final count that is there.
    """

    def __init__(
        self, view: View, platform: str, counted: Callable[[Array], Array]
    ) -> None:
        self.view = view
        self._platform = platform
        self._counted = counted
        accounts = view.company.ad_accounts
        mine = accounts.where(accounts["platform"] == platform)
        self.accounts: dict[str, dict[str, Any]] = {
            row["account_id"]: row for row in mine.rows()
        }
        owned = np.isin(view.placements["account_id"], list(self.accounts))
        self.placements = np.flatnonzero(owned & (view.placements["ad_id"] != ""))
        formats = dict(
            zip(view.variants["variant_id"], view.variants["format"], strict=True)
        )
        lengths = dict(
            zip(
                view.variants["variant_id"],
                view.variants["duration_seconds"].tolist(),
                strict=True,
            )
        )
        titles = dict(zip(view.videos["video_id"], view.videos["title"], strict=True))
        self.ads: list[dict[str, Any]] = [
            {
                **ad,
                "format": formats[ad["variant_id"]],
                "seconds": lengths[ad["variant_id"]],
                "title": titles[ad["video_id"]],
                "currency": self.accounts[ad["account_id"]]["currency"],
            }
            for ad in view.placements.take(self.placements).rows()
        ]

    @cached_property
    def _share(self) -> Array:
        lag = self.view.days - 1 - np.arange(self.view.days)
        return np.where(lag < NEWEST_LAG, 0.0, self._counted(lag))

    @cached_property
    def luck(self) -> Array:
        """One for each ad and day, so that what is smaller stays smaller."""
        days = np.arange(self.view.days)
        rows = self.placements[:, None]
        return np.asarray(self.view.hash01(f"{self._platform} rounding", rows, days))

    @cached_property
    def totals(self) -> dict[str, Array]:
        """Measure -> counts by now, shape (ads, days)."""
        return {
            name: self._served(values[self.placements])
            for name, values in self.view.delivery.items()
        }

    @cached_property
    def by_region(self) -> dict[str, Array]:
        """Measure -> counts, (ads, regions, days). Regions share what the ad-day has."""
        paid = np.searchsorted(self.view.paid_placements, self.placements)
        out = {}
        for name, cube in self.view.delivery_by_region.items():
            upto = np.cumsum(cube[paid], axis=1)
            shown = np.floor(
                upto * self._share + self.luck[:, None] * (self._share > 0)
            )
            out[name] = np.diff(shown, axis=1, prepend=0).astype(np.int64)
        return out

    def claims(self, window: str) -> Array:
        """Conversions claimed by now, on the day of the click or view, (ads, days)."""
        shown = self.view.claims[window][self.placements]
        return np.asarray(np.where(self._share > 0, shown, 0))

    def _served(self, final: Array) -> Array:
        counted = np.floor(final * self._share + self.luck * (self._share > 0))
        return np.asarray(counted.astype(np.int64))

    def cells(self, counts: Array, account: str, first: date, last: date) -> Array:
        """(ad, [region,] day) of what an account counted in those days, (cells, 2 or 3)."""
        mine = np.array([ad["account_id"] == account for ad in self.ads], dtype=bool)
        days = np.arange(self.view.days)
        since, until = (first - self.view.start).days, (last - self.view.start).days
        others = (slice(None),) + (None,) * (counts.ndim - 1)
        within = (days >= since) & (days <= until)
        return np.argwhere((counts > 0) & mine[others] & within)

    def day(self, number: int) -> date:
        return self.view.start + timedelta(days=number)

    def campaign(self, campaign_id: str, number: int) -> str:
        """The name that a campaign had on a day."""
        return next(
            name
            for known, name, since in self._names
            if known == campaign_id and since <= number
        )

    @cached_property
    def _names(self) -> list[tuple[str, str, int]]:
        """Names of campaigns, the latest first."""
        frame = self.view.campaigns
        columns = (frame[name].tolist() for name in ("campaign_id", "name", "from_day"))
        return sorted(zip(*columns, strict=True), key=lambda each: -each[2])
