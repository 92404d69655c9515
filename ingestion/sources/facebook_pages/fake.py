"""How the Graph API answers for a page's videos in the sandbox.

From the company's view; totals and how they move are in sandbox/lifetime.py.
"""

from datetime import timedelta
from typing import Any

import numpy as np

from ingestion.sandbox.graph import (
    GraphError,
    answered,
    metrics_of,
    of_page,
    page,
    pages_of_token,
)
from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.lifetime import lifetime
from ingestion.world.view import View

LAG_DAYS = 1
REELS_SHARE = 0.4  # of the posts
VIDEO_COUNTS = {
    "total_video_impressions": "impressions",
    "total_video_views": "plays_3s",
    "total_video_15s_views": "plays_15s",
    "total_video_30s_views": "plays_30s",
    "total_video_complete_views": "p100",
}
REEL_COUNTS = {
    "blue_reels_play_count": "starts",
    "post_video_followers": "subscribers_gained",
}
VIDEO_METRICS = {
    *VIDEO_COUNTS,
    *("total_video_view_total_time", "total_video_avg_time_watched"),
    *("total_video_reactions_by_type_total", "total_video_retention_graph"),
}
REEL_METRICS = {
    *REEL_COUNTS,
    *("fb_reels_total_plays", "fb_reels_replay_count", "post_video_view_time"),
    *("post_video_likes_by_reaction_type", "post_video_social_actions"),
    "post_video_avg_time_watched",
}


def routes(view: View) -> list[Route]:
    """One page: its videos, its reels, and the insights of each."""
    fake = _Page(view)
    ids = "|".join(fake.row_of) or "none"
    version, own = r"/v(?P<version>\d+)\.0/", fake.page_id
    return [
        Route("GET", f"{version}me/accounts/?", answered(pages_of_token(view))),
        Route("GET", f"{version}{own}/videos/?", answered(fake.videos)),
        Route("GET", f"{version}{own}/video_reels/?", answered(fake.reels)),
        Route(
            "GET",
            f"{version}(?P<video>{ids})/video_insights/?",
            answered(fake.insights),
        ),
    ]


class _Page:
    def __init__(self, view: View) -> None:
        self.view = view
        self.page_id = view.company.facebook_page_id
        placements = view.placements
        mine = np.flatnonzero(placements["social_platform"] == "facebook_pages")
        rows = sorted(mine.tolist(), key=lambda row: -placements["start_day"][row])
        self.row_of = {placements["social_object_id"][row]: row for row in rows}
        videos, variants = view.videos, view.variants
        self.titles = dict(zip(videos["video_id"], videos["title"], strict=True))
        seconds = variants["duration_seconds"].tolist()
        self.seconds = dict(zip(variants["variant_id"], seconds, strict=True))

    def is_reel(self, row: int) -> bool:
        return bool(self.view.hash01("facebook reel", row) < REELS_SHARE)

    def videos(self, request: Request) -> Any:
        """Every video of the page; reels are listed here, too."""
        return self._list(request, list(self.row_of))

    def reels(self, request: Request) -> Any:
        reels = [video for video, row in self.row_of.items() if self.is_reel(row)]
        return self._list(request, reels)

    def insights(self, request: Request) -> Any:
        of_page(request, self.page_id)
        video = request.found["video"]
        row = self.row_of[video]
        known = REEL_METRICS if self.is_reel(row) else VIDEO_METRICS
        asked = metrics_of(request)
        wrong = [name for name in asked if name not in known]
        if wrong:
            says = "(#100) The value must be a valid insights metric"
            raise GraphError(100, says)
        values = self._values(row)
        data = [
            {
                "id": f"{video}/video_insights/{name}/lifetime",
                "name": name,
                "period": "lifetime",
                "title": name.replace("_", " "),
                "values": [{"value": values[name]}],
            }
            for name in asked or sorted(known)
            if name in values
        ]
        return {"data": data, "paging": {}}

    def _list(self, request: Request, videos: list[str]) -> Any:
        of_page(request, self.page_id)
        fields = request.query.get("fields", "id,created_time").split(",")
        rows = [self._video(video, fields) for video in videos]
        return page(request, len(rows), lambda first, end: rows[first:end])

    def _video(self, video: str, fields: list[str]) -> dict[str, Any]:
        placements, row = self.view.placements, self.row_of[video]
        day = self.view.start + timedelta(days=int(placements["start_day"][row]))
        told = {
            "id": video,
            "created_time": f"{day}T18:00:00+0000",
            "length": float(self.seconds[placements["variant_id"][row]]),
            "title": self.titles[placements["video_id"][row]],
            "permalink_url": f"/{self.page_id}/videos/{video}/",
            "post_id": f"{self.page_id}_{video[::-1]}",
        }
        return {name: told[name] for name in fields if name in told}

    def _total(self, row: int, measure: str) -> int:
        last = self.view.days - 1 - LAG_DAYS
        return lifetime(self.view, "facebook_pages", row, measure, last)

    def _values(self, row: int) -> dict[str, Any]:
        likes = self._total(row, "likes")
        reactions = {"like": likes - likes // 5, "love": likes // 5}
        watched = 1000 * self._total(row, "watch_seconds")
        starts = self._total(row, "starts")
        values: dict[str, Any] = {
            name: self._total(row, of)
            for name, of in {**VIDEO_COUNTS, **REEL_COUNTS}.items()
        }
        values |= {
            "total_video_view_total_time": watched,
            "total_video_avg_time_watched": watched // max(1, starts),
            "total_video_reactions_by_type_total": reactions,
            "fb_reels_total_plays": starts + starts // 9,
            "fb_reels_replay_count": starts // 9,
            "post_video_view_time": watched,
            "post_video_avg_time_watched": watched // max(1, starts),
            "post_video_likes_by_reaction_type": {
                f"REACTION_{name.upper()}": count for name, count in reactions.items()
            },
            "post_video_social_actions": {
                "COMMENT": self._total(row, "comments"),
                "SHARE": self._total(row, "shares"),
            },
        }
        return values
