"""How the Graph API answers for an Instagram account in the sandbox.

From the company's view; totals and how they move are in sandbox/lifetime.py.
"""

from datetime import timedelta
from typing import Any

import numpy as np

from ingestion.sandbox.graph import (
    GraphError,
    answered,
    gone,
    metrics_of,
    page,
    pages_of_token,
)
from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.lifetime import lifetime
from ingestion.world.view import View

LAG_DAYS = 2
REELS_SHARE = 0.7  # of the videos; the others stand in the feed
COUNTS = {
    "views": "starts",
    "likes": "likes",
    "comments": "comments",
    "saved": "saves",
    "shares": "shares",
}
SHARED = {*COUNTS, "reach", "total_interactions"}
KNOWN = {
    "FEED": SHARED | {"profile_visits", "follows"},
    "REELS": SHARED
    | {"ig_reels_avg_watch_time", "ig_reels_video_view_total_time", "reels_skip_rate"},
}
STILL = "17900000000000001"  # a picture: no video, and never asked about


def routes(view: View) -> list[Route]:
    """One account: its media, and the insights of each."""
    fake = _Account(view)
    ids = "|".join([*fake.row_of, STILL])
    version, own = r"/v(?P<version>\d+)\.0/", fake.account_id
    return [
        Route("GET", f"{version}me/accounts/?", answered(pages_of_token(view))),
        Route("GET", f"{version}{own}/media/?", answered(fake.media)),
        Route("GET", f"{version}(?P<media>{ids})/insights/?", answered(fake.insights)),
    ]


class _Account:
    def __init__(self, view: View) -> None:
        self.view = view
        self.account_id = view.company.instagram_user_id
        placements = view.placements
        mine = np.flatnonzero(placements["social_platform"] == "instagram")
        rows = sorted(mine.tolist(), key=lambda row: -placements["start_day"][row])
        self.row_of = {placements["social_object_id"][row]: row for row in rows}
        videos = view.videos
        self.titles = dict(zip(videos["video_id"], videos["title"], strict=True))

    def product(self, row: int) -> str:
        is_reel = self.view.hash01("instagram reel", row) < REELS_SHARE
        return "REELS" if is_reel else "FEED"

    def media(self, request: Request) -> Any:
        fields = request.query.get("fields", "id").split(",")
        everything = [self._item(media) for media in self.row_of]
        still = {"id": STILL, "media_type": "IMAGE", "media_product_type": "FEED"}
        everything.append({**still, "timestamp": "2025-11-01T09:00:00+0000"})
        rows = [
            {name: item[name] for name in fields if name in item} for item in everything
        ]
        return page(request, len(rows), lambda first, end: rows[first:end])

    def insights(self, request: Request) -> Any:
        media = request.found["media"]
        if media == STILL:
            raise gone(media)
        row = self.row_of[media]
        asked = metrics_of(request)
        wrong = [name for name in asked if name not in KNOWN[self.product(row)]]
        if wrong:
            says = f"(#100) The Media Insights API does not support the {wrong[0]} "
            raise GraphError(100, says + "metric for this media product type.")
        values = self._values(row)
        if not values["views"]:
            return {"data": []}  # not 0: nothing yet
        data = [
            {
                "id": f"{media}/insights/{name}/lifetime",
                "name": name,
                "period": "lifetime",
                "title": name.replace("_", " "),
                "values": [{"value": values[name]}],
            }
            for name in asked
        ]
        return {"data": data}

    def _item(self, media: str) -> dict[str, Any]:
        placements, row = self.view.placements, self.row_of[media]
        day = self.view.start + timedelta(days=int(placements["start_day"][row]))
        return {
            "id": media,
            "caption": self.titles[placements["video_id"][row]] + "\nLink in bio",
            "media_type": "VIDEO",
            "media_product_type": self.product(row),
            "permalink": f"https://www.instagram.com/reel/{media[::-1][:11]}/",
            "timestamp": f"{day}T16:30:00+0000",
        }

    def _total(self, row: int, measure: str) -> int:
        last = self.view.days - 1 - LAG_DAYS
        return lifetime(self.view, "instagram", row, measure, last)

    def _values(self, row: int) -> dict[str, Any]:
        values: dict[str, Any] = {
            name: self._total(row, of) for name, of in COUNTS.items()
        }
        watched = 1000 * self._total(row, "watch_seconds")
        views = max(1, values["views"])
        kept = self._total(row, "plays_3s")
        acted = ("likes", "comments", "saved", "shares")
        return values | {
            "reach": int(0.9 * self._total(row, "reach")),
            "total_interactions": sum(values[name] for name in acted),
            "profile_visits": 0,
            "follows": self._total(row, "subscribers_gained"),
            "ig_reels_avg_watch_time": watched // views,
            "ig_reels_video_view_total_time": watched,
            "reels_skip_rate": round(100 * (1 - kept / views), 2),
        }
