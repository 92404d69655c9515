"""How Wistia answers: media and viewing sessions of the players on the company's pages.

The same plays that the site's tracker sees, measured a second time: some are missed, and what
was viewed today is still growing. Not here: who plays (world).
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.world.view import View

Item = dict[str, Any]
MOST = 100
VERSIONS = frozenset({"2025-11", "2026-01", "2026-03"})
MISSED = 0.03  # plays of those who block the player's own statistics
STILL_GROWING = 0.8  # of what today's sessions will have viewed in the end
DAY_MS = 86_400_000
NAMED = 0.5  # share of identified viewers whose address came along


def routes(view: View) -> list[Route]:
    """Everything the connector asks for."""
    fake = _Fake(view)
    return [
        Route("GET", "/modern/medias", _guarded(fake.medias)),
        Route("GET", "/modern/stats/account", _guarded(fake.account)),
        Route("GET", "/modern/stats/events", _guarded(fake.events)),
    ]


def error(status: int, code: str, message: str) -> Reply:
    """Wistia's envelope."""
    return Reply({"error": message, "code": code}, status)


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def guarded(request: Request) -> Reply:
        if request.token in (None, "revoked"):
            return error(401, "unauthorized", "Invalid API token")
        version = request.headers.get("x-wistia-api-version")
        if version is not None and version not in VERSIONS:
            said = f"Unknown API version {version}"
            return error(400, "invalid_api_version", said)
        return answer(request)

    return guarded


def media_id(variant_id: str) -> str:
    """Ten letters and digits, the same every day."""
    return hashlib.sha256(f"wistia {variant_id}".encode()).hexdigest()[:10]


class _Fake:
    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[tuple[str, str], list[Item]] = {}

    def account(self, request: Request) -> Reply:
        return Reply({"load_count": 0, "play_count": len(self._sessions)})

    def medias(self, request: Request) -> Reply:
        return _page(request, self._medias)

    def events(self, request: Request) -> Reply:
        try:
            first, last = (
                date.fromisoformat(request.query.get(name, given))
                for name, given in (
                    ("start_date", "2000-01-01"),
                    ("end_date", "2999-01-01"),
                )
            )
        except ValueError:
            return error(
                422, "unprocessable_entity", "start_date or end_date is no date"
            )
        if first > last:
            said = "start_date lies after end_date"
            return error(422, "unprocessable_entity", said)
        return _page(request, self._received(first.isoformat(), last.isoformat()))

    def _received(self, first: str, last: str) -> list[Item]:
        """Events by their day of arrival; the pages of one question share the work."""
        if (first, last) not in self._found:
            self._found[first, last] = [
                each
                for each in self._sessions
                if first <= each["received_at"][:10] <= last
            ]
        return self._found[first, last]

    @cached_property
    def _medias(self) -> list[Item]:
        view = self._view
        title = dict(zip(view.videos["video_id"], view.videos["title"], strict=True))
        on_site = set(
            view.placements["variant_id"][view.placements["channel"] == "site_player"]
        )
        found = []
        for number, row in enumerate(view.variants.rows(), 1):
            if row["variant_id"] not in on_site:
                continue
            made = view.start + timedelta(days=row["created_day"])
            found.append(
                {
                    "id": 90_000_000 + number,
                    "hashed_id": media_id(row["variant_id"]),
                    "name": f"{row['variant_id']} {title[row['video_id']]}.mp4",
                    "type": "Video",
                    "duration": float(row["duration_seconds"]),
                    "created": f"{made}T09:00:00+00:00",
                    "updated": f"{made}T09:00:00+00:00",
                    "tags": [],
                }
            )
        return found

    @cached_property
    def _sessions(self) -> list[Item]:
        """Newest first."""
        found = list(self._played())
        return sorted(
            found,
            key=lambda each: (each["received_at"], each["event_key"]),
            reverse=True,
        )

    def _played(self) -> Iterator[Item]:
        events = self._view.events
        known = events.where(events["event"] == "identify")
        email_of = dict(zip(known["anonymous_id"], known["email"], strict=True))
        events = events.where((events["quartile"] >= 0) & (events["deal_ref"] == None))  # noqa: E711
        at, visitor = events["event_at"], events["anonymous_id"]
        video, url = events["video_ref"], events["page_url"]
        sessions, quartile = events["player_session_id"].tolist(), events["quartile"]
        first: dict[str, int] = {}
        deepest: dict[str, int] = {}
        for row, name in enumerate(sessions):
            if name not in first or at[row] < at[first[name]]:
                first[name] = row
            deepest[name] = max(deepest.get(name, 0), int(quartile[row]))
        keys = [int(name[-8:], 16) for name in first]
        lucks = self._view.hash01("wistia", keys).tolist()
        for (name, row), luck in zip(first.items(), lucks, strict=True):
            if luck < MISSED:
                continue
            day = int((at[row] - _start(self._view)) // DAY_MS)
            share = deepest[name] / 100
            if day == self._view.days - 1:
                share = round(share * STILL_GROWING, 2)
            moment = datetime.fromtimestamp(int(at[row]) / 1000, UTC)
            email = email_of.get(visitor[row]) if luck < NAMED else None
            yield {
                "event_key": f"{name}-w",
                "received_at": moment.isoformat(timespec="milliseconds"),
                "visitor_key": f"v{visitor[row]}",
                "embed_url": url[row],
                "percent_viewed": share,
                "email": email,
                "media_id": media_id(str(video[row])),
                "media_name": str(video[row]),
                "conversion_type": None,
                "conversion_data": {},
                "country": "US",
                "ip": "192.0.2.0",
            }


def _start(view: View) -> int:
    midnight = datetime(view.start.year, view.start.month, view.start.day, tzinfo=UTC)
    return int(midnight.timestamp()) * 1_000


def _page(request: Request, every: list[Item]) -> Reply:
    size, number = (
        request.query.get(name, given)
        for name, given in (("per_page", "10"), ("page", "1"))
    )
    if not size.isdigit() or not 1 <= int(size) <= MOST:
        return error(400, "bad_request", f"per_page must be between 1 and {MOST}")
    if not number.isdigit() or int(number) < 1:
        return error(400, "bad_request", "page must be a number from 1")
    start = (int(number) - 1) * int(size)
    return Reply(every[start : start + int(size)])
