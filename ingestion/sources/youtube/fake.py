"""How YouTube's APIs answer, from the simulated company.

Data API v3: channels, playlistItems, videos. Analytics API v2: reports by day, by video, by
elapsedVideoTimeRatio. Served late and restated as the platform does; nothing is redrawn.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from ingestion.sandbox.google import google_error, unauthenticated
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.tape import Shape
from ingestion.world import View
from ingestion.world.frames import Array

# Share of the final count that is visible, by lag in days; rows begin at lag 2.
VISIBLE = {2: 0.97, 3: 0.99}
SPAM_LAG, SPAM_ROWS, SPAM_SHARE = 6, 0.10, 0.006
NEW_VIEWS = date(2026, 8, 27)  # views begin to count from the start of playback
NEW_VIEWS_FACTOR = 1.18
DIMENSIONS = {"day", "video", "elapsedVideoTimeRatio", ""}
SHAPE = Shape(tells_total=False)  # a page lost is not told by any number
RETENTION = [
    "audienceWatchRatio",
    "relativeRetentionPerformance",
    "startedWatching",
    "stoppedWatching",
]


def routes(view: View) -> Sequence[Route]:
    fake = _Fake(view)
    return [
        Route("GET", "/youtube/v3/channels", fake.guard(fake.channels)),
        Route("GET", "/youtube/v3/playlistItems", fake.guard(fake.playlist_items)),
        Route("GET", "/youtube/v3/videos", fake.guard(fake.videos)),
        Route("GET", "/v2/reports", fake.guard(fake.reports)),
    ]


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self._thrown: dict[tuple[str, int], Array] = {}
        placements = view.placements
        rows = np.flatnonzero(placements["channel"] == "youtube_organic")
        self.row_of: dict[str, int] = {
            str(placements["youtube_video_id"][row]): int(row) for row in rows
        }
        self.channel = view.company.channel_id
        self.video_of = {v: i for i, v in enumerate(view.videos["video_id"])}
        variants = view.variants
        self.seconds_of = dict(
            zip(variants["variant_id"], variants["duration_seconds"], strict=True)
        )

    def guard(self, handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        def guarded(request: Request) -> Reply:
            return unauthenticated(request) or handler(request)

        return guarded

    # Data API v3

    def channels(self, request: Request) -> Reply:
        lifetime = int(self.lifetime("starts").sum())
        gained = self.view.delivery["subscribers_gained"].sum()
        lost = self.view.delivery["subscribers_lost"].sum()
        item = {
            "kind": "youtube#channel",
            "id": self.channel,
            "snippet": {"title": self.view.company.youtube_title},
            "contentDetails": {"relatedPlaylists": {"uploads": self.uploads}},
            "statistics": {
                "viewCount": str(lifetime),
                "subscriberCount": str(_rounded(4200 + int(gained - lost))),
                "hiddenSubscriberCount": False,
                "videoCount": str(len(self.row_of)),
            },
        }
        return Reply(_page("youtube#channelListResponse", [item], 1, 1))

    @property
    def uploads(self) -> str:
        return "UU" + self.channel[2:]

    def playlist_items(self, request: Request) -> Reply:
        if request.query.get("playlistId") != self.uploads:
            said = "The playlist identified with the request's playlistId parameter "
            return google_error(404, "playlistNotFound", said + "cannot be found.")
        size = int(request.query.get("maxResults", "5"))
        if not 0 <= size <= 50:
            said = f"Invalid value '{size}'. Values must be within the range: [0, 50]"
            return google_error(400, "invalidParameter", said, "INVALID_ARGUMENT")
        ids = sorted(self.row_of, key=lambda v: (-self.published_day(v), v))
        start = int(request.query.get("pageToken", "0") or 0)
        items = [
            {
                "kind": "youtube#playlistItem",
                "id": f"PI{video}",
                "contentDetails": {
                    "videoId": video,
                    "videoPublishedAt": self.published_at(video),
                },
            }
            for video in ids[start : start + size]
        ]
        page = _page("youtube#playlistItemListResponse", items, len(ids), size)
        if start + size < len(ids):
            page["nextPageToken"] = str(start + size)
        return Reply(page)

    def videos(self, request: Request) -> Reply:
        ids = [v for v in request.query.get("id", "").split(",") if v]
        if not ids:
            said = "No filter selected. Expected one of: id, chart, myRating"
            return google_error(400, "missingRequiredParameter", said)
        if len(ids) > 50:
            said = "The request specifies too many video ids."
            return google_error(400, "invalidParameter", said, "INVALID_ARGUMENT")
        known = [video for video in ids if video in self.row_of]
        items = [self.video(video) for video in known]
        return Reply(_page("youtube#videoListResponse", items, len(items), len(items)))

    def video(self, video: str) -> dict[str, Any]:
        row = self.row_of[video]
        placements = self.view.placements
        master = self.video_of[placements["video_id"][row]]
        seconds = int(self.seconds_of[placements["variant_id"][row]])
        counts = {
            "viewCount": str(int(self.lifetime("starts", row))),
            "likeCount": str(int(self.lifetime("likes", row))),
            "favoriteCount": "0",
            "commentCount": str(int(self.lifetime("comments", row))),
        }
        return {
            "kind": "youtube#video",
            "id": video,
            "snippet": {
                "publishedAt": self.published_at(video),
                "channelId": self.channel,
                "title": self.view.videos["title"][master],
                "description": f"https://{self.view.company.domain}/",
                "tags": [placements["tag"][row]],
            },
            "contentDetails": {
                "duration": f"PT{seconds // 60}M{seconds % 60}S",
                "definition": "hd",
            },
            "status": {"privacyStatus": "public", "uploadStatus": "processed"},
            "statistics": counts,
        }

    def lifetime(self, measure: str, row: int | None = None) -> Any:
        """Near real time, hence ahead of the daily report; includes earlier years."""
        rows = list(self.row_of.values()) if row is None else row
        total = self.view.delivery[measure][rows].sum(axis=-1)
        prior = self.view.placements["prior_views"][rows]
        return total + (prior if measure == "starts" else prior // 80)

    def published_day(self, video: str) -> int:
        return int(self.view.placements["start_day"][self.row_of[video]])

    def published_at(self, video: str) -> str:
        day = self.view.start + timedelta(days=self.published_day(video))
        return f"{day}T15:00:00Z"

    # Analytics API v2

    def reports(self, request: Request) -> Reply:
        query = request.query
        if query.get("ids") not in ("channel==MINE", f"channel=={self.channel}"):
            return google_error(403, "forbidden", "Forbidden", "PERMISSION_DENIED")
        try:
            start = date.fromisoformat(query["startDate"])
            end = date.fromisoformat(query["endDate"])
            metrics = [m for m in query["metrics"].split(",") if m]
        except (KeyError, ValueError) as error:
            return google_error(400, "badRequest", f"Invalid value: {error}")
        dimension = query.get("dimensions", "")
        videos = _video_filter(query.get("filters", ""))
        is_curve = dimension == "elapsedVideoTimeRatio"
        allowed = RETENTION if is_curve else list(METRICS)
        illegal = [m for m in metrics if m not in allowed]
        if illegal or dimension not in DIMENSIONS or (is_curve and len(videos) != 1):
            said = "The query is not supported. Check the documentation at "
            said += (
                "https://developers.google.com/youtube/analytics/v2/available_reports"
            )
            return google_error(400, "badRequest", said)
        if is_curve:
            rows = self.curve(videos[0], metrics, start, end)
        else:
            rows = self.by(
                dimension, videos or sorted(self.row_of), metrics, start, end
            )
        names = [n for n in dimension.split(",") if n] + metrics
        return Reply(_table(names, dimension, rows, query))

    def by(
        self,
        dimension: str,
        videos: Sequence[str],
        metrics: Sequence[str],
        start: date,
        end: date,
    ) -> list[list[Any]]:
        rows: list[list[Any]] = []
        known = [v for v in videos if v in self.row_of]
        days = self.days(start, end)
        if dimension == "day":
            for day in days:
                parts = [self.served(video, day) for video in known]
                found = [part for part in parts if part is not None]
                if found:
                    label = str(self.view.start + timedelta(days=day))
                    rows.append([label, *_measures(_added(found), metrics)])
            return rows
        totals = []
        for video in known:
            served = [p for p in (self.served(video, d) for d in days) if p is not None]
            if served:
                totals.append((video, _added(served)))
        if dimension == "video":
            return [[video, *_measures(total, metrics)] for video, total in totals]
        return [_measures(_added([t for _, t in totals]), metrics)] if totals else []

    def days(self, start: date, end: date) -> range:
        first = max(0, (start - self.view.start).days)
        last = min(self.view.days - 1, (end - self.view.start).days)
        return range(first, last + 1)

    def luck(self, purpose: str, row: int) -> Array:
        """Of each day of a video, thrown together: one by one is a hundred times slower."""
        thrown = self._thrown.get((purpose, row))
        if thrown is None:
            days = np.arange(self.view.days)
            thrown = self.view.hash01(f"youtube {purpose}", row, days)
            self._thrown[purpose, row] = thrown
        return thrown

    def served(self, video: str, day: int) -> dict[str, float] | None:
        """The row of a video and day at as_of, a pure function of (final, lag)."""
        row, lag = self.row_of[video], self.view.days - 1 - day
        if lag < min(VISIBLE) or day < self.published_day(video):
            return None
        share = VISIBLE.get(lag, 1.0)
        if lag >= SPAM_LAG and self.luck("spam", row)[day] < SPAM_ROWS:
            share *= 1 - SPAM_SHARE
        u = float(self.luck("served", row)[day]) if share < 1.0 else 0.0
        final = {name: float(self.view.delivery[name][row, day]) for name in _SERVED}
        if final["starts"] == 0:
            return None  # the report leaves days without a view out
        values = {name: float(int(value * share + u)) for name, value in final.items()}
        values["engaged"] = values["starts"]
        if self.view.start + timedelta(days=day) >= NEW_VIEWS:
            u = float(self.luck("definition", row)[day])
            values["starts"] = float(int(values["engaged"] * NEW_VIEWS_FACTOR + u))
        seconds = self.seconds_of[self.view.placements["variant_id"][row]]
        values["watchable"] = values["starts"] * float(seconds)
        return values

    def curve(
        self, video: str, metrics: Sequence[str], start: date, end: date
    ) -> list[list[Any]]:
        if video not in self.row_of:
            return []
        parts = [self.served(video, day) for day in self.days(start, end)]
        views = sum(part["starts"] for part in parts if part is not None)
        if views < 10:
            return []  # too few for a curve
        master = self.video_of[self.view.placements["video_id"][self.row_of[video]]]
        shares = self.view.retention(master)
        left = -np.diff(np.append(shares, 0.0))
        rows = []
        for point, share in enumerate(shares):
            values = {
                "audienceWatchRatio": round(float(share), 4),
                "relativeRetentionPerformance": 0.5,
                "startedWatching": int(views) if point == 0 else 0,
                "stoppedWatching": int(max(0.0, left[point]) * views),
            }
            rows.append([(point + 1) / 100, *(values[metric] for metric in metrics)])
        return rows


_SERVED = (
    "starts",
    "watch_seconds",
    "likes",
    "dislikes",
    "comments",
    "shares",
    "subscribers_gained",
    "subscribers_lost",
)
METRICS: dict[str, Callable[[dict[str, float]], float]] = {
    "views": lambda v: int(v["starts"]),
    "engagedViews": lambda v: int(v["engaged"]),
    "estimatedMinutesWatched": lambda v: int(v["watch_seconds"] / 60),
    "averageViewDuration": lambda v: int(v["watch_seconds"] / v["starts"]),
    "averageViewPercentage": lambda v: round(
        100 * v["watch_seconds"] / v["watchable"], 2
    ),
    "likes": lambda v: int(v["likes"]),
    "dislikes": lambda v: int(v["dislikes"]),
    "comments": lambda v: int(v["comments"]),
    "shares": lambda v: int(v["shares"]),
    "subscribersGained": lambda v: int(v["subscribers_gained"]),
    "subscribersLost": lambda v: int(v["subscribers_lost"]),
}


def _measures(values: dict[str, float], metrics: Sequence[str]) -> list[float]:
    return [METRICS[metric](values) for metric in metrics]


def _added(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(part[name] for part in parts) for name in parts[0]}


def _video_filter(filters: str) -> list[str]:
    for each in filters.split(";"):
        name, _, value = each.partition("==")
        if name == "video":
            return value.split(",")
    return []


def _table(
    names: Sequence[str], dimension: str, rows: list[list[Any]], query: Any
) -> dict[str, Any]:
    sort = query.get("sort", "")
    if sort:
        column = names.index(sort.lstrip("-"))
        rows.sort(key=lambda row: row[column], reverse=sort.startswith("-"))
    first = int(query.get("startIndex", 1)) - 1
    rows = rows[first : first + int(query.get("maxResults", len(rows) or 1))]
    floats = {"elapsedVideoTimeRatio", "averageViewPercentage", *RETENTION[:2]}
    headers = [
        {
            "name": name,
            "columnType": "DIMENSION" if name in dimension.split(",") else "METRIC",
            "dataType": "STRING"
            if name in ("day", "video")
            else ("FLOAT" if name in floats else "INTEGER"),
        }
        for name in names
    ]
    table: dict[str, Any] = {
        "kind": "youtubeAnalytics#resultTable",
        "columnHeaders": headers,
    }
    if rows:
        table["rows"] = rows  # without data the key is absent
    return table


def _page(kind: str, items: list[Any], total: int, size: int) -> dict[str, Any]:
    info = {"totalResults": total, "resultsPerPage": size}
    return {"kind": kind, "pageInfo": info, "items": items}


def _rounded(count: int) -> int:
    """Public subscriber counts show three significant digits, rounded down."""
    step = 10 ** max(0, len(str(count)) - 3)
    return count // step * step
