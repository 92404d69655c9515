"""What the sandbox's Meta has counted so far: ad by day, and ad by region and day.

Today is counted in part; ten days later invalid traffic is taken out of some ad-days,
and a few rows vanish. All of it is a function of (final count, days since, the row's
luck).
Not here: paths, paging, envelopes (fake.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ingestion.world import View
from ingestion.world.frames import Array

PART_OF_TODAY = 0.45
INVALID_AFTER_DAYS = 10
INVALID_SHARE = 0.08  # of ad-days lose
INVALID_LOSS = 0.012  # of what they had counted
VANISHED_SHARE = 0.005  # of ad-days lose everything
ARCHIVED_AFTER_DAYS = 30  # without delivery

COUNTS = {
    "impressions": "impressions",
    "reach": "reach",
    "inline_link_clicks": "clicks",
}
VIDEO_LISTS = {
    "video_play_actions": "starts",
    "video_continuous_2_sec_watched_actions": "plays_2s",
    "video_6_sec_watched_actions": "plays_6s",
    "video_15_sec_watched_actions": "plays_15s",
    "video_30_sec_watched_actions": "plays_30s",
    "video_thruplay_watched_actions": "thruplays",
    "video_p25_watched_actions": "p25",
    "video_p50_watched_actions": "p50",
    "video_p75_watched_actions": "p75",
    "video_p95_watched_actions": "p95",
    "video_p100_watched_actions": "p100",
}
ACTIONS = {
    "link_click": "clicks",
    "video_view": "plays_3s",
    "post_reaction": "likes",
    "comment": "comments",
    "post": "shares",
    "onsite_conversion.post_save": "saves",
}
CLAIMED = ("lead", "offsite_conversion.fb_pixel_lead")  # one sale, two names
WINDOWS = {"7d_click": "click_7d", "1d_view": "view_1d"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as it was asked for; `first` and `last` are day numbers."""

    account: str
    first: int
    last: int
    fields: tuple[str, ...]
    windows: tuple[str, ...]
    statuses: frozenset[str]
    by_region: bool


class Book:
    """Served counts of every ad, shapes (ads, days) and (ads, regions, days)."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._rows = np.flatnonzero(view.placements["meta_ad_id"] != "")
        formats = dict(
            zip(view.variants["variant_id"], view.variants["format"], strict=True)
        )
        self.ads: list[dict[str, Any]] = []
        for ad in view.placements.take(self._rows).rows():
            format_name = formats[ad["variant_id"]]
            status = self._status(ad["end_day"])
            self.ads.append({**ad, "format": format_name, "effective_status": status})
        self._currency = dict(
            zip(
                view.company.ad_accounts["account_id"],
                view.company.ad_accounts["currency"],
                strict=True,
            )
        )

    def _status(self, end_day: int) -> str:
        idle = self.view.days - 1 - end_day
        if idle <= 0:
            return "ACTIVE"
        return "PAUSED" if idle <= ARCHIVED_AFTER_DAYS else "ARCHIVED"

    @cached_property
    def _kept(self) -> Array:
        """The share of the final count that is counted by now, (ads, days)."""
        days = np.arange(self.view.days)
        lag = self.view.days - 1 - days
        luck = self.view.hash01("meta invalid traffic", self._rows[:, None], days)
        old = lag >= INVALID_AFTER_DAYS
        kept = np.where(old & (luck < INVALID_SHARE), 1 - INVALID_LOSS, 1.0)
        kept = np.where(old & (luck < VANISHED_SHARE), 0.0, kept)
        return np.asarray(np.where(lag == 0, PART_OF_TODAY, kept))

    @cached_property
    def _rounding(self) -> Array:
        days = np.arange(self.view.days)
        luck = self.view.hash01("meta rounding", self._rows[:, None], days)
        return np.asarray(luck)

    @cached_property
    def totals(self) -> dict[str, Array]:
        """One luck per ad-day for all measures, so that ladders stay in order."""
        served = {
            name: self._served(values[self._rows])
            for name, values in self.view.delivery.items()
        }
        for window, name in WINDOWS.items():
            served[window] = self.view.claims[name][self._rows]
        return served

    @cached_property
    def by_region(self) -> dict[str, Array]:
        """Regions share what the ad-day has: their sum is the ad-day's count."""
        paid = np.searchsorted(self.view.paid_placements, self._rows)
        out = {}
        for name, cube in self.view.delivery_by_region.items():
            upto = np.cumsum(cube[paid], axis=1)
            upto = np.floor(upto * self._kept[:, None] + self._rounding[:, None])
            out[name] = np.diff(upto, axis=1, prepend=0).astype(np.int64)
        return out

    def _served(self, final: Array) -> Array:
        counted = np.floor(final * self._kept + self._rounding)
        return np.asarray(counted.astype(np.int64))

    def cells(self, asked: Asked) -> Array:
        """(ad, [region,] day) of the rows of a report, shape (rows, 2 or 3)."""
        shown = (self.by_region if asked.by_region else self.totals)["impressions"] > 0
        mine = [
            ad["account_id"] == asked.account
            and ad["effective_status"] in asked.statuses
            for ad in self.ads
        ]
        days = np.arange(self.view.days)
        within = (days >= asked.first) & (days <= asked.last)
        others = (slice(None),) + (None,) * (shown.ndim - 1)
        return np.argwhere(shown & np.array(mine, dtype=bool)[others] & within)

    def rows(self, asked: Asked, cells: Array) -> Iterator[dict[str, Any]]:
        """The answer's rows. Every number is text, and what is zero is left out."""
        source = self.by_region if asked.by_region else self.totals
        at = tuple(cells.T)
        values = {name: counts[at].tolist() for name, counts in source.items()}
        for i, cell in enumerate(cells.tolist()):
            counted = {name: column[i] for name, column in values.items()}
            everything = self._row(self.ads[cell[0]], cell, counted, asked)
            row = {
                name: everything[name] for name in asked.fields if name in everything
            }
            day = str(self.view.start + timedelta(days=cell[-1]))
            row |= {"date_start": day, "date_stop": day}
            if asked.by_region:
                row["region"] = self.view.regions["region"][cell[1]]
            yield row

    def _row(
        self, ad: dict[str, Any], cell: list[int], counted: dict[str, int], asked: Asked
    ) -> dict[str, Any]:
        row: dict[str, Any] = {
            "account_id": ad["account_id"],
            "account_currency": self._currency[ad["account_id"]],
            "campaign_id": ad["meta_campaign_id"],
            "campaign_name": self._campaign(ad["meta_campaign_id"], cell[-1]),
            "adset_id": ad["meta_adset_id"],
            "adset_name": f"{ad['market']} {ad['format']}",
            "ad_id": ad["meta_ad_id"],
            "ad_name": ad["ad_name"],
            "attribution_setting": "7d_click_1d_view",
            "spend": f"{counted['spend_cents'] / 100:.2f}",
            "ctr": f"{100 * counted['clicks'] / counted['impressions']:.6f}",
            "actions": self._actions(counted, asked.windows),
        }
        if counted.get("reach"):
            row["frequency"] = f"{counted['impressions'] / counted['reach']:.6f}"
        engaged = sum(counted.get(name, 0) for name in ("likes", "comments", "shares"))
        row["clicks"] = str(counted["clicks"] + engaged)
        for field, measure in COUNTS.items():
            row[field] = str(counted.get(measure, 0))
        for field, measure in VIDEO_LISTS.items():
            row[field] = _list(counted.get(measure, 0))
        if counted["starts"] and "watch_seconds" in counted:
            exact = counted["watch_seconds"] / counted["starts"]
            luck = self._rounding[cell[0], cell[-1]]
            row["video_avg_time_watched_actions"] = _list(int(exact + luck))
        return {name: value for name, value in row.items() if value not in ("0", [])}

    def _actions(
        self, counted: dict[str, int], windows: tuple[str, ...]
    ) -> list[dict[str, str]]:
        listed = [
            {"action_type": kind, "value": str(counted[name])}
            for kind, name in ACTIONS.items()
            if counted.get(name)
        ]
        claims = {w: counted[w] for w in windows if counted.get(w)}
        if claims:
            told = {window: str(count) for window, count in claims.items()}
            total = str(sum(claims.values()))
            listed += [{"action_type": k, "value": total, **told} for k in CLAIMED]
        return listed

    def _campaign(self, campaign_id: str, day: int) -> str:
        return next(
            name
            for known, name, since in self._names
            if known == campaign_id and since <= day
        )

    @cached_property
    def _names(self) -> list[tuple[str, str, int]]:
        """Names of campaigns, the latest first."""
        frame = self.view.campaigns
        columns = (frame[name].tolist() for name in ("campaign_id", "name", "from_day"))
        return sorted(zip(*columns, strict=True), key=lambda each: -each[2])


def _list(count: int) -> list[dict[str, str]]:
    return [{"action_type": "video_view", "value": str(count)}] if count else []
