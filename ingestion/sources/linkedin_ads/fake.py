"""How LinkedIn's Marketing API answers in the sandbox: versions, Rest.li, no pages.

98 % of a day is there on the next, all of it three days later. Not here: the counts
themselves (sandbox/adbook.py).
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

import numpy as np

from ingestion.sandbox.adbook import AdBook
from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.linkedin import Refused, answered, urns
from ingestion.world import View
from ingestion.world.channels import UTM
from ingestion.world.frames import Array

UNTIL_LAG, EARLY_SHARE = 3, 0.98
MOST_FIELDS = 20
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
KNOWN = {
    *COUNTS,
    *CLAIMS,
    *NEVER,
    *("dateRange", "pivotValues", "clicks", "costInLocalCurrency", "costInUsd"),
    *("externalWebsiteConversions", "conversionValueInLocalCurrency"),
}


def routes(view: View) -> list[Route]:
    """Accounts, their campaigns and creatives, posts, videos, and the figures."""
    fake = _Fake(view)
    inside = r"/rest/adAccounts/(?P<account>\d+)/"
    handlers: dict[str, Callable[[Request], Any]] = {
        r"/rest/adAccounts": fake.accounts,
        inside + "adCampaigns": fake.campaigns,
        inside + "creatives": fake.creatives,
        r"/rest/posts": fake.posts,
        r"/rest/videos": fake.videos,
        r"/rest/adAnalytics": fake.analytics,
    }
    return [
        Route("GET", path, partial(answered, handler))
        for path, handler in handlers.items()
    ]


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self.book = AdBook(view, "linkedin_ads", _counted)
        self._posts = {_post(ad): ad for ad in self.book.ads}
        self._videos = {_video(ad): ad for ad in self.book.ads}

    def accounts(self, request: Request) -> Any:
        rows = [
            {
                "id": int(each["account_id"]),
                "name": each["name"],
                "currency": each["currency"],
                "status": "ACTIVE",
                "type": "BUSINESS",
            }
            for each in self.book.accounts.values()
        ]
        return _page(request, rows, 1000)

    def campaigns(self, request: Request) -> Any:
        account, today = self._account(request), self.view.days - 1
        mine = {a["campaign_id"] for a in self.book.ads if a["account_id"] == account}
        rows = [
            {
                "id": int(each),
                "name": self.book.campaign(each, today),
                "status": "ACTIVE",
            }
            for each in sorted(mine)
        ]
        return _page(request, rows, 1000)

    def creatives(self, request: Request) -> Any:
        account = self._account(request)
        rows = [self._creative(a) for a in self.book.ads if a["account_id"] == account]
        return _page(request, rows, 100)

    def _creative(self, ad: dict[str, Any]) -> dict[str, Any]:
        source, medium = UTM[ad["channel"]]
        tags = {"utm_source": source, "utm_medium": medium, "utm_content": ad["tag"]}
        live = ad["end_day"] >= self.view.days - 1
        landing = f"https://{self.view.company.domain}{ad['landing_path']}"
        return {
            "id": f"urn:li:sponsoredCreative:{ad['ad_id']}",
            "account": f"urn:li:sponsoredAccount:{ad['account_id']}",
            "campaign": f"urn:li:sponsoredCampaign:{ad['campaign_id']}",
            "name": ad["ad_name"],
            "intendedStatus": "ACTIVE" if live else "PAUSED",
            "createdAt": _millis(self.book.day(ad["start_day"] - 2)),
            "content": {"reference": _post(ad)},
            "contentLandingPage": f"{landing}?{urlencode(tags)}",
        }

    def posts(self, request: Request) -> Any:
        asked = urns(request, "ids")
        found = {
            post: {
                "id": post,
                "commentary": self._posts[post]["title"],
                "content": {"media": {"id": _video(self._posts[post])}},
            }
            for post in asked
            if post in self._posts
        }
        return {"results": found, "statuses": {}, "errors": {}}

    def videos(self, request: Request) -> Any:
        found = {
            video: {
                "id": video,
                "duration": 1000 * self._videos[video]["seconds"],
                "status": "AVAILABLE",
            }
            for video in urns(request, "ids")
            if video in self._videos
        }
        return {"results": found, "statuses": {}, "errors": {}}

    def analytics(self, request: Request) -> Any:
        fields = request.query.get("fields", "impressions,clicks").split(",")
        if len(fields) > MOST_FIELDS:
            says = f"The number of fields {len(fields)} exceeds the limit of 20"
            raise Refused(400, "ILLEGAL_ARGUMENT", says)
        for name in fields:
            if name not in KNOWN:
                says = f"Invalid field {name} in projection"
                raise Refused(400, "ILLEGAL_ARGUMENT", says)
        wanted = {"q": "analytics", "pivot": "(value:CREATIVE)"}
        for name, value in {**wanted, "timeGranularity": "(value:DAILY)"}.items():
            if request.query.get(name) != value:
                says = (
                    f"Invalid query parameters: the sandbox knows {name}={value} only"
                )
                raise Refused(400, "ILLEGAL_ARGUMENT", says)
        first, last = _days(request)
        last = min(last, self.view.as_of - timedelta(days=1))
        elements: list[dict[str, Any]] = []
        for account in urns(request, "accounts"):
            number = account.rpartition(":")[2]
            shown = self.book.totals["impressions"]
            cells = self.book.cells(shown, number, first, last)
            elements += [self._element(cell, fields) for cell in cells.tolist()]
        # what has nothing but zeros in the fields asked for is left out
        told = [
            each
            for each in elements
            if any(v not in (0, "0.00") for k, v in each.items() if k in KNOWN - KEYS)
        ]
        return {"elements": told, "paging": {"count": 10, "start": 0, "links": []}}

    @cached_property
    def _claims(self) -> dict[str, Array]:
        return {name: self.book.claims(window) for name, window in CLAIMS.items()}

    def _element(self, cell: list[int], fields: list[str]) -> dict[str, Any]:
        i, day = cell
        told = {name: int(each[i, day]) for name, each in self.book.totals.items()}
        claims = {name: int(each[i, day]) for name, each in self._claims.items()}
        when = self.book.day(day)
        spelled = {"year": when.year, "month": when.month, "day": when.day}
        engaged = told["likes"] + told["comments"] + told["shares"]
        everything: dict[str, Any] = {
            "dateRange": {"start": spelled, "end": spelled},
            "pivotValues": [f"urn:li:sponsoredCreative:{self.book.ads[i]['ad_id']}"],
            **{name: told[measure] for name, measure in COUNTS.items()},
            **claims,
            **dict.fromkeys(NEVER, 0),
            "clicks": told["clicks"] + engaged,
            "costInLocalCurrency": f"{told['spend_cents'] / 100:.2f}",
            "externalWebsiteConversions": sum(claims.values()),
            "conversionValueInLocalCurrency": "0.00",
        }
        return {name: everything[name] for name in fields if name in everything}

    def _account(self, request: Request) -> str:
        account = request.found["account"]
        if account not in self.book.accounts:
            says = f"Member does not have permission to account {account}"
            raise Refused(403, "ACCESS_DENIED", says, 100)
        return account


KEYS = {"dateRange", "pivotValues"}


def _counted(lag: Array) -> Array:
    return np.where(lag < UNTIL_LAG, EARLY_SHARE, 1.0)


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


def _page(request: Request, rows: list[dict[str, Any]], most: int) -> Any:
    size = int(request.query.get("pageSize", 100))
    if not 1 <= size <= most:
        raise Refused(400, "ILLEGAL_ARGUMENT", f"pageSize must be 1 to {most}")
    start = int(request.query.get("pageToken", "0"))
    answer: dict[str, Any] = {"elements": rows[start : start + size], "metadata": {}}
    if start + size < len(rows):
        answer["metadata"] = {"nextPageToken": str(start + size)}
    return answer


def _post(ad: dict[str, Any]) -> str:
    return f"urn:li:ugcPost:7{ad['ad_id']}"


def _video(ad: dict[str, Any]) -> str:
    code = "".join(ch for ch in ad["variant_id"] if ch.isalnum()).upper()
    return f"urn:li:video:C5605{code}"


def _millis(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000
