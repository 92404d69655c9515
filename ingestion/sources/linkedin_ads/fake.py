"""How LinkedIn's Marketing API answers in the sandbox: versions, Rest.li, no pages.

98 % of a day is there on the next, all of it three days later. Not here: figures
(fake_analytics.py); the counts themselves (sandbox/adbook.py).
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np

from ingestion.sandbox.adbook import AdBook
from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.linkedin import Refused, answered, urns
from ingestion.sources.linkedin_ads.fake_analytics import Analytics, geo
from ingestion.world import View
from ingestion.world.channels import UTM
from ingestion.world.frames import Array

UNTIL_LAG, EARLY_SHARE = 3, 0.98


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
        r"/v2/geo": fake.places,
        r"/rest/adAnalytics": Analytics(view, fake.book).answer,
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

    def places(self, request: Request) -> Any:
        names = self.view.regions["region"].tolist()
        known = {geo(number): name for number, name in enumerate(names)}
        locale = {"country": "US", "language": "en"}
        found = {
            each: {
                "id": int(each),
                "defaultLocalizedName": {"locale": locale, "value": known[each]},
            }
            for each in urns(request, "ids")
            if each in known
        }
        return {"results": found, "statuses": {}, "errors": {}}

    def _account(self, request: Request) -> str:
        account = request.found["account"]
        if account not in self.book.accounts:
            says = f"Member does not have permission to account {account}"
            raise Refused(403, "ACCESS_DENIED", says, 100)
        return account


def _counted(lag: Array) -> Array:
    return np.where(lag < UNTIL_LAG, EARLY_SHARE, 1.0)


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
