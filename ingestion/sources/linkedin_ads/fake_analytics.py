"""How LinkedIn's adAnalytics answers in the sandbox: by creative, campaign, or members' region.

Not here: the counts themselves (sandbox/adbook.py), the other paths (fake.py).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ingestion.sandbox.adbook import AdBook
from ingestion.sandbox.http import Request
from ingestion.sandbox.linkedin import Refused, urns
from ingestion.world import View
from ingestion.world.frames import Array

MOST_FIELDS = 20
FEWEST = 3  # fewer of anything are not told of a region
COUNTS = {
    "impressions": "impressions",
    "landingPageClicks": "clicks",
    "videoStarts": "starts",
    "videoViews": "plays_2s",
    "videoFirstQuartileCompletions": "p25",
    "videoMidpointCompletions": "p50",
    "videoThirdQuartileCompletions": "p75",
    "videoCompletions": "p100",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
}
CLAIMS = {
    "externalWebsitePostClickConversions": "click_30d",
    "externalWebsitePostViewConversions": "view_7d",
}
NEVER = {"fullScreenPlays", "follows", "oneClickLeads"}  # nothing of these happens here
KEYS = {"dateRange", "pivotValues"}
KNOWN = {
    *COUNTS,
    *CLAIMS,
    *NEVER,
    *KEYS,
    *("clicks", "costInLocalCurrency", "costInUsd"),
    *("externalWebsiteConversions", "conversionValueInLocalCurrency"),
}
NOT_OF_REGIONS = {"conversionValueInLocalCurrency", "externalWebsiteConversions"}


class Asked(NamedTuple):
    """A report: what its rows are, and of whom."""

    pivot: str
    facet: str


CREATIVES = Asked("CREATIVE", "accounts")
CAMPAIGNS = Asked("CAMPAIGN", "accounts")
REGIONS = Asked("MEMBER_REGION_V2", "campaigns")
REPORTS = (CREATIVES, CAMPAIGNS, REGIONS)

Row = dict[str, Any]


class Analytics:
    def __init__(self, view: View, book: AdBook) -> None:
        self.view = view
        self.book = book

    def answer(self, request: Request) -> Any:
        asked = _asked(request)
        fields = request.query.get("fields", "impressions,clicks").split(",")
        if len(fields) > MOST_FIELDS:
            says = f"The number of fields {len(fields)} exceeds the limit of 20"
            raise Refused(400, "ILLEGAL_ARGUMENT", says)
        known = KNOWN - NOT_OF_REGIONS if asked == REGIONS else KNOWN
        for name in fields:
            if name not in known:
                says = f"Invalid field {name} in projection"
                raise Refused(400, "ILLEGAL_ARGUMENT", says)
        first, last = _days(request)
        last = min(last, self.view.as_of - timedelta(days=1))
        rows = {
            CREATIVES: self._creatives,
            CAMPAIGNS: self._campaigns,
            REGIONS: self._regions,
        }[asked]
        whole = [
            row
            for urn in urns(request, asked.facet)
            for row in rows(urn.rpartition(":")[2], first, last)
        ]
        told = [
            {name: row[name] for name in fields if name in row}
            for row in whole
            # what has nothing but zeros in the fields asked for is left out
            if any(row.get(name, 0) not in (0, "0.00") for name in set(fields) - KEYS)
        ]
        return {"elements": told, "paging": {"count": 10, "start": 0, "links": []}}

    @cached_property
    def _claims(self) -> dict[str, Array]:
        return {name: self.book.claims(window) for name, window in CLAIMS.items()}

    def _creatives(self, account: str, first: date, last: date) -> Iterator[Row]:
        shown = self.book.totals["impressions"]
        for i, day in self.book.cells(shown, account, first, last).tolist():
            told = {name: int(each[i, day]) for name, each in self.book.totals.items()}
            claims = {name: int(each[i, day]) for name, each in self._claims.items()}
            engaged = told["likes"] + told["comments"] + told["shares"]
            yield {
                **_keys(
                    f"urn:li:sponsoredCreative:{self.book.ads[i]['ad_id']}",
                    self.book.day(day),
                ),
                **{name: told[measure] for name, measure in COUNTS.items()},
                **claims,
                **dict.fromkeys(NEVER, 0),
                "clicks": told["clicks"] + engaged,
                "costInLocalCurrency": _money(told["spend_cents"]),
                "externalWebsiteConversions": sum(claims.values()),
                "conversionValueInLocalCurrency": "0.00",
            }

    def _campaigns(self, account: str, first: date, last: date) -> Iterator[Row]:
        counts = self.book.totals["impressions"]
        shown: dict[tuple[str, int], int] = {}
        for i, day in self.book.cells(counts, account, first, last).tolist():
            key = (self.book.ads[i]["campaign_id"], day)
            shown[key] = shown.get(key, 0) + int(counts[i, day])
        for (campaign, day), impressions in shown.items():
            urn = f"urn:li:sponsoredCampaign:{campaign}"
            yield {**_keys(urn, self.book.day(day)), "impressions": impressions}

    def _regions(self, campaign: str, first: date, last: date) -> Iterator[Row]:
        mine = [ad["campaign_id"] == campaign for ad in self.book.ads]
        sums = {
            name: each[np.array(mine, dtype=bool)].sum(axis=0)  # (regions, days)
            for name, each in self.book.by_region.items()
        }
        since, until = (first - self.view.start).days, (last - self.view.start).days
        for region, day in np.argwhere(sums["impressions"] >= FEWEST).tolist():
            if not since <= day <= until:
                continue
            told = {name: int(each[region, day]) for name, each in sums.items()}
            counted = {
                "impressions": told["impressions"],
                "clicks": told["clicks"],
                "landingPageClicks": told["clicks"],
            }
            yield {
                **_keys(f"urn:li:geo:{geo(region)}", self.book.day(day)),
                **{name: n for name, n in counted.items() if n >= FEWEST},
                "costInLocalCurrency": _money(told["spend_cents"]),
            }


def geo(region: int) -> str:
    """LinkedIn's number of one of the company's regions."""
    return str(102_000_001 + 1_013 * region)


def _keys(urn: str, day: date) -> Row:
    spelled = {"year": day.year, "month": day.month, "day": day.day}
    return {"pivotValues": [urn], "dateRange": {"start": spelled, "end": spelled}}


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _asked(request: Request) -> Asked:
    for report in REPORTS:
        wanted = {
            "q": "analytics",
            "pivot": f"(value:{report.pivot})",
            "timeGranularity": "(value:DAILY)",
        }
        if wanted.items() <= request.query.items():
            return report
    known = ", ".join(report.pivot for report in REPORTS)
    says = f"Invalid query parameters: the sandbox knows q=analytics by day, of {known}"
    raise Refused(400, "ILLEGAL_ARGUMENT", says)


def _days(request: Request) -> tuple[date, date]:
    """Brackets, commas and colons must stand as they are; the parts in any order."""
    pattern = r"(?:^|&)dateRange=\((?:(start|end):\(([^()]*)\),?)(?:(start|end):\(([^()]*)\))\)"
    found = re.search(pattern, request.raw_query)
    if found is None:
        says = "Invalid query parameters passed to request: dateRange"
        raise Refused(400, "ILLEGAL_ARGUMENT", says)
    ends = {}
    for name, told in ((found[1], found[2]), (found[3], found[4])):
        parts = dict(part.split(":") for part in told.split(","))
        ends[name] = date(*(int(parts[each]) for each in ("year", "month", "day")))
    if ends["end"] < ends["start"]:
        raise Refused(400, "ILLEGAL_ARGUMENT", "dateRange: end is before start")
    return ends["start"], ends["end"]
