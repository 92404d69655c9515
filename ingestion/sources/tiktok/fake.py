"""How TikTok's organic API answers in the sandbox: fields, pages, and its envelope.

From the company's view; totals and how they move are in sandbox/lifetime.py.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.lifetime import lifetime
from ingestion.world.view import View

LAG_DAYS = 2
QUIET_DAYS = 7  # after so many without a view, reach and watch time come empty
COUNTED_DAYS = 365  # from publication on; then the totals stand still
MOST_PER_PAGE = 20
# field -> measure of the company's delivery
COUNTS = {
    "video_views": "starts",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "favorites": "saves",
    "favorities": "saves",
    "new_followers": "subscribers_gained",
    "website_clicks": "clicks",
}
WATCHED = (
    *("reach", "total_time_watched", "average_time_watched"),
    *("full_video_watched_rate", "video_view_retention", "impression_sources"),
)
KNOWN = {"item_id", "caption", "share_url", "embed_url", "thumbnail_url", "create_time"}
KNOWN |= {"video_duration", "profile_views", *COUNTS, *WATCHED}


def routes(view: View) -> list[Route]:
    """The list of posts of one business account."""
    posts = _Posts(view)
    path = "/open_api/v1.3/business/video/list/"
    return [Route("GET", path, posts.answer)]


def envelope(code: int, message: str, data: Any = None) -> Reply:
    """TikTok says no with status 200."""
    body = {"code": code, "message": message, "request_id": "2026112200000000000"}
    return Reply({**body, "data": data if data is not None else {}})


class _Posts:
    def __init__(self, view: View) -> None:
        self.view = view
        placements = view.placements
        mine = np.flatnonzero(placements["social_platform"] == "tiktok")
        self.rows = sorted(mine.tolist(), key=lambda row: (-self._created(row), row))
        videos, variants = view.videos, view.variants
        self.titles = dict(zip(videos["video_id"], videos["title"], strict=True))
        self.seconds = dict(
            zip(
                variants["variant_id"],
                variants["duration_seconds"].tolist(),
                strict=True,
            )
        )
        self.master = {v: i for i, v in enumerate(videos["video_id"])}

    def answer(self, request: Request) -> Reply:
        token = request.headers.get("access-token")
        if not token:
            return envelope(40105, "Access token is missing or incorrect.")
        if token == "revoked":
            return envelope(40105, "Access token is incorrect or has been revoked.")
        query = request.query
        if query.get("business_id") != self.view.company.tiktok_business_id:
            return envelope(40001, "No permission to operate business account.")
        try:
            fields = json.loads(query.get("fields", "[]"))
            wanted = json.loads(query.get("filters", "{}")).get("video_ids")
            size = int(query.get("max_count", 10))
            cursor = int(query.get("cursor", 0))
        except (ValueError, AttributeError) as error:
            return envelope(40002, f"Invalid parameter: {error}")
        unknown = [name for name in fields if name not in KNOWN]
        if unknown:
            return envelope(40002, f"fields: Invalid value {unknown[0]}.")
        if not 1 <= size <= MOST_PER_PAGE:
            return envelope(40002, "max_count: Must be between 1 and 20.")
        left = [
            row
            for row in self.rows
            if (not cursor or self._created(row) * 1000 < cursor)
            and (wanted is None or self._id(row) in wanted)
        ]
        page = left[:size]
        data: dict[str, Any] = {"videos": [self._post(row, fields) for row in page]}
        data["has_more"] = len(left) > size
        data["cursor"] = self._created(page[-1]) * 1000 if page else cursor
        return envelope(0, "OK", data)

    def _id(self, row: int) -> str:
        return str(self.view.placements["social_object_id"][row])

    def _created(self, row: int) -> int:
        """Epoch seconds; two posts of one day differ."""
        day = self.view.start + timedelta(
            days=int(self.view.placements["start_day"][row])
        )
        noon = datetime(day.year, day.month, day.day, 12, row % 60, tzinfo=UTC)
        return int(noon.timestamp())

    def _total(self, row: int, measure: str) -> int:
        published = int(self.view.placements["start_day"][row])
        last = min(self.view.days - 1 - LAG_DAYS, published + COUNTED_DAYS)
        return lifetime(self.view, "tiktok", row, measure, last)

    def _post(self, row: int, fields: list[str]) -> dict[str, Any]:
        placements = self.view.placements
        seconds = float(self.seconds[placements["variant_id"][row]])
        told: dict[str, Any] = {
            "item_id": self._id(row),
            "caption": self.titles[placements["video_id"][row]],
            "share_url": f"https://www.tiktok.com/@brindlemoor/video/{self._id(row)}",
            "embed_url": f"https://www.tiktok.com/embed/v2/{self._id(row)}",
            "thumbnail_url": "https://p16.tiktokcdn.example/cover.jpeg?x-expires=1",
            "create_time": str(self._created(row)),
            "video_duration": round(seconds, 3),
            "profile_views": 0,
        }
        told |= {name: self._total(row, of) for name, of in COUNTS.items()}
        days = slice(max(0, self.view.days - LAG_DAYS - QUIET_DAYS), self.view.days)
        if self.view.delivery["starts"][row, days].any():
            told |= self._watched(row, seconds)
        return {name: told[name] for name in fields if name in told}

    def _watched(self, row: int, seconds: float) -> dict[str, Any]:
        views = max(1, self._total(row, "starts"))
        watched = self._total(row, "watch_seconds")
        steps = {1: "plays_2s", 3: "plays_3s", 6: "plays_6s", 15: "plays_15s"}
        curve = [
            {"second": str(at), "percentage": round(self._total(row, of) / views, 4)}
            for at, of in steps.items()
            if at <= seconds
        ]
        sources = {"For You": 0.7554, "Follow": 0.2446}
        return {
            "reach": int(0.86 * self._total(row, "reach")),
            "total_time_watched": float(watched),
            "average_time_watched": round(watched / views, 2),
            "full_video_watched_rate": round(self._total(row, "p100") / views, 4),
            "video_view_retention": curve,
            "impression_sources": [
                {"impression_source": name, "percentage": share}
                for name, share in sources.items()
            ],
        }
