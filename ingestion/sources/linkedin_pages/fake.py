"""How LinkedIn answers for an organisation's posts in the sandbox: versions, Rest.li, offsets.

90 % of the newest day is there on the next. From the company's view; totals and how they
move are in sandbox/lifetime.py.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.lifetime import lifetime, served
from ingestion.sandbox.linkedin import Refused, answered, millis, urn, urns
from ingestion.world.view import View

LAG_DAYS = 1
HISTORY_DAYS = 366
MOST_PER_PAGE = 100
COUNTS = {
    "impressionCount": "impressions",
    "likeCount": "likes",
    "commentCount": "comments",
    "shareCount": "shares",
}
TYPES = {"VIDEO_VIEW": "plays_3s", "TIME_WATCHED": "watch_seconds"}
KNOWN_TYPES = {*TYPES, "VIEWER", "TIME_WATCHED_FOR_VIDEO_VIEWS"}
TEXT_POST = "urn:li:share:7000000000000000001"  # no video: listed, never measured


def routes(view: View) -> list[Route]:
    """One organisation: who may see it, its posts, their videos and figures."""
    fake = _Organization(view)
    own = {"q": "author"}  # the ads' API asks for posts by number
    statistics = "/rest/organizationalEntityShareStatistics"
    handlers: list[tuple[str, Callable[[Request], Any], dict[str, str]]] = [
        ("/rest/organizationAcls", fake.roles, {}),
        ("/rest/posts", fake.posts, own),
        (r"/rest/videos/(?P<video>urn[^/]+)", fake.video, {}),
        (statistics, fake.statistics, {}),
        ("/rest/videoAnalytics", fake.analytics, {}),
    ]
    return [
        Route("GET", path, partial(answered, handler), when)
        for path, handler, when in handlers
    ]


class _Organization:
    def __init__(self, view: View) -> None:
        self.view = view
        self.urn = f"urn:li:organization:{view.company.linkedin_organization_id}"
        placements = view.placements
        mine = np.flatnonzero(placements["social_platform"] == "linkedin_pages")
        rows = sorted(mine.tolist(), key=lambda row: -placements["start_day"][row])
        self.row_of = {placements["social_object_id"][row]: row for row in rows}
        self.video_of = {post: _media(post) for post in self.row_of}
        videos, variants = view.videos, view.variants
        self.titles = dict(zip(videos["video_id"], videos["title"], strict=True))
        seconds = variants["duration_seconds"].tolist()
        self.seconds = dict(zip(variants["variant_id"], seconds, strict=True))

    def roles(self, request: Request) -> Any:
        if request.query.get("q") != "roleAssignee":
            raise Refused(400, "ILLEGAL_ARGUMENT", "Unknown finder")
        role = {"organization": self.urn, "role": "ADMINISTRATOR", "state": "APPROVED"}
        return {"elements": [role], "paging": {"start": 0, "count": 10, "links": []}}

    def posts(self, request: Request) -> Any:
        if request.headers.get("x-restli-method", "").upper() != "FINDER":
            raise Refused(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method must be FINDER")
        self._ours(urn(request, "author"))
        size = int(request.query.get("count", 10))
        if not 1 <= size <= MOST_PER_PAGE:
            raise Refused(
                400, "ILLEGAL_ARGUMENT", f"count must be 1 to {MOST_PER_PAGE}"
            )
        start = int(request.query.get("start", 0))
        everything = [*map(self._post, self.row_of), self._text()]
        paging: dict[str, Any] = {"start": start, "count": size, "links": []}
        paging["total"] = len(everything)
        if start + size < len(everything):
            href = f"/rest/posts?q=author&start={start + size}&count={size}"
            paging["links"] = [
                {"rel": "next", "type": "application/json", "href": href}
            ]
        return {"elements": everything[start : start + size], "paging": paging}

    def video(self, request: Request) -> Any:
        asked = request.found["video"]
        post = next((p for p, video in self.video_of.items() if video == asked), None)
        if post is None:
            raise Refused(404, "NOT_FOUND", f"Could not find video {asked}")
        variant = self.view.placements["variant_id"][self.row_of[post]]
        return {
            "id": asked,
            "duration": 1000 * int(self.seconds[variant]),
            "owner": self.urn,
            "status": "AVAILABLE",
        }

    def statistics(self, request: Request) -> Any:
        if request.query.get("q") != "organizationalEntity":
            raise Refused(400, "ILLEGAL_ARGUMENT", "Unknown finder")
        self._ours(urn(request, "organizationalEntity"))
        elements = []
        for post in urns(request, "ugcPosts"):
            row = self.row_of.get(post)
            if row is None or not self._total(row, "impressions"):
                continue  # posts without activity are left out
            elements.append(
                {
                    "organizationalEntity": self.urn,
                    "ugcPost": post,
                    "totalShareStatistics": self._statistics(row),
                }
            )
        return {"elements": elements, "paging": {"start": 0, "count": 10, "links": []}}

    def analytics(self, request: Request) -> Any:
        query, post = request.query, urn(request, "entity")
        if query.get("q") != "entity" or query.get("type") not in KNOWN_TYPES:
            raise Refused(400, "ILLEGAL_ARGUMENT", f"Invalid type {query.get('type')}")
        if query.get("aggregation") != "DAY":
            raise Refused(400, "ILLEGAL_ARGUMENT", "the sandbox knows DAY only")
        if post not in self.row_of:
            raise Refused(403, "ACCESS_DENIED", f"No access to entity {post}", 100)
        first, end = (
            _day(int(query[f"timeRange.{name}"])) for name in ("start", "end")
        )
        if (end - first).days > HISTORY_DAYS:
            raise Refused(400, "ILLEGAL_ARGUMENT", "timeRange is longer than a year")
        last = self.view.days - 1 - LAG_DAYS
        measure = TYPES.get(query["type"])
        if measure is None or last < 0:
            return {"elements": [], "paging": {}}
        row = self.row_of[post]
        told = served(self.view, "linkedin_pages", row, measure, last, spam=False)
        unit = 1000 if measure == "watch_seconds" else 1
        elements = [
            {
                "entity": post,
                "statisticsType": query["type"],
                "value": unit * int(count),
                "timeRange": {"start": millis(day), "end": millis(day) + 86_400_000},
            }
            for number, count in enumerate(told)
            for day in [self.view.start + timedelta(days=number)]
            if count and first <= day < end
        ]
        return {"elements": elements, "paging": {}}

    def _ours(self, told: str) -> None:
        if told != self.urn:
            says = f"Viewer does not have permission to {told}"
            raise Refused(403, "ACCESS_DENIED", says, 100)

    def _post(self, post: str) -> dict[str, Any]:
        placements, row = self.view.placements, self.row_of[post]
        day = self.view.start + timedelta(days=int(placements["start_day"][row]))
        at = millis(day) + 9 * 3_600_000
        return {
            "id": post,
            "author": self.urn,
            "commentary": self.titles[placements["video_id"][row]],
            "content": {"media": {"id": self.video_of[post]}},
            "createdAt": at,
            "publishedAt": at,
            "lastModifiedAt": at,
            "lifecycleState": "PUBLISHED",
        }

    def _text(self) -> dict[str, Any]:
        at = millis(self.view.start)
        said = {"commentary": "We are hiring", "lifecycleState": "PUBLISHED"}
        times = dict.fromkeys(("createdAt", "publishedAt", "lastModifiedAt"), at)
        return {"id": TEXT_POST, "author": self.urn, **said, **times}

    def _total(self, row: int, measure: str) -> int:
        last = self.view.days - 1 - LAG_DAYS
        return lifetime(self.view, "linkedin_pages", row, measure, last)

    def _statistics(self, row: int) -> dict[str, Any]:
        told = {name: self._total(row, of) for name, of in COUNTS.items()}
        told["clickCount"] = self._total(row, "clicks") + told["likeCount"]
        told["uniqueImpressionsCount"] = int(0.85 * self._total(row, "reach"))
        acted = told["clickCount"] + told["likeCount"] + told["commentCount"]
        acted += told["shareCount"]
        return {**told, "engagement": acted / max(1, told["impressionCount"])}


def _media(post: str) -> str:
    return f"urn:li:video:C5605AQ{post.rpartition(':')[2][::-1]}"


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
