"""Recorded answers of large accounts, made up in bulk, and a plain server that gives them.

A recording knows the bytes of every answer and which questions lead through all of them, so
that the bare yardstick can fetch the very same. Not here: measuring (ingest.py).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LAST = date(2026, 3, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One request: what the yardstick sends, and what the connector is recognised by."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: str = ""


class Recording:
    """`days` days of `daily` rows each."""

    source = ""
    table = ""

    def __init__(self, days: int, daily: int) -> None:
        self.days, self.daily = days, daily

    def answer(self, asked: Question) -> bytes:
        raise LookupError(asked)

    def questions(self) -> Iterator[Question]:
        raise LookupError(self.source)

    def rows(self, body: Any) -> list[dict[str, Any]]:
        raise LookupError(self.source)


class SearchConsole(Recording):
    """by_page_query in pages of 25,000 rows; the other reports are empty."""

    source, table = "search_console", "by_page_query"
    page = 25_000
    property = "sc-domain:site.example"
    path = "/webmasters/v3/sites/{}/searchAnalytics/query"

    def pieces(self) -> Iterator[tuple[date, date]]:
        start = LAST - (self.days - 1) * DAY
        while start <= LAST:
            end = min(LAST, start + 30 * DAY)
            yield start, end
            start = end + DAY

    def questions(self) -> Iterator[Question]:
        for start, end in self.pieces():
            count = ((end - start).days + 1) * self.daily
            for first in range(0, count + 1, self.page):
                body = {"startDate": str(start), "endDate": str(end), "type": "WEB"}
                body |= {"dimensions": ["DATE", "PAGE", "QUERY"], "startRow": first}
                path = self.path.format(self.property)
                yield Question("POST", path, (), json.dumps(body))

    def answer(self, asked: Question) -> bytes:
        if not asked.path.endswith("/query"):
            mine = {"siteUrl": self.property, "permissionLevel": "SITE_OWNER"}
            return json.dumps({"siteEntry": [mine]}).encode()
        body = json.loads(asked.body)
        if body["type"] != "WEB" or len(body["dimensions"]) != 3:
            return b"{}"
        return self._page(body["startDate"], body["endDate"], body["startRow"])

    @cache  # noqa: B019 - a recording lives as long as its server
    def _page(self, start: str, end: str, first: int) -> bytes:
        day = date.fromisoformat(start)
        count = ((date.fromisoformat(end) - day).days + 1) * self.daily
        rows = [
            {
                "keys": [
                    str(day + (i // self.daily) * DAY),
                    f"https://site.example/guides/page-{i % 300}",
                    f"how to plan shifts {i % self.daily}",
                ],
                "clicks": i % 7,
                "impressions": 10 + i % 90,
                "ctr": (i % 7) / (10 + i % 90),
                "position": 1 + (i % 400) / 10,
            }
            for i in range(first, min(count, first + self.page))
        ]
        return json.dumps({"rows": rows}).encode()

    def rows(self, body: Any) -> list[dict[str, Any]]:
        names = ("date", "page", "query")
        return [
            {**dict(zip(names, row.pop("keys"), strict=True)), **row}
            for row in body.get("rows", ())
        ]


class MetaAds(Recording):
    """ad_insights with their lists of actions, in pages of 500 rows."""

    source, table = "meta_ads", "ad_insights"
    page = 500
    account = "100000000000001"

    def _rows(self, since: str, until: str) -> tuple[date, int]:
        start = max(date.fromisoformat(since), LAST - (self.days - 1) * DAY)
        end = min(date.fromisoformat(until), LAST)
        return start, max(0, ((end - start).days + 1) * self.daily)

    def questions(self) -> Iterator[Question]:
        day = LAST - (self.days - 1) * DAY
        while day <= LAST:
            until = min(LAST, day + 30 * DAY)
            _, count = self._rows(str(day), str(until))
            for first in range(0, count, self.page):
                told = {"since": str(day), "until": str(until)}
                query = {"time_range": json.dumps(told), "after": str(first)}
                path = f"/v26.0/act_{self.account}/insights"
                yield Question("GET", path, tuple(query.items()))
            day = until + DAY

    def answer(self, asked: Question) -> bytes:
        query = dict(asked.query)
        if asked.method == "POST":  # no report runs: asked directly, month by month
            said = "Please reduce the amount of data you're asking for"
            return json.dumps({"error": {"code": 1, "message": said}}).encode()
        if asked.path.endswith("/adaccounts"):
            return json.dumps({"data": [{"account_id": self.account}]}).encode()
        if asked.path.endswith(f"act_{self.account}"):
            told = {"account_id": self.account, "name": "Large", "currency": "USD"}
            return json.dumps({**told, "timezone_name": "UTC"}).encode()
        if not asked.path.endswith("/insights") or "breakdowns" in query:
            return b'{"data": []}'
        days = json.loads(query["time_range"])
        first = int(query.get("after") or 0)
        return self._page(days["since"], days["until"], first)

    @cache  # noqa: B019 - a recording lives as long as its server
    def _page(self, since: str, until: str, first: int) -> bytes:
        start, count = self._rows(since, until)
        last = min(count, first + self.page)
        data = [self._row(start, i) for i in range(first, last)]
        body: dict[str, Any] = {"data": data}
        if last < count:
            following = f"http://nowhere.example/?after={last}"
            body["paging"] = {"next": following}
        return json.dumps(body).encode()

    def _row(self, start: date, i: int) -> dict[str, Any]:
        day, ad = str(start + (i // self.daily) * DAY), i % self.daily
        plays = [{"action_type": "video_view", "value": str(i % 500)}]
        lists = ("video_play_actions", "video_thruplay_watched_actions")
        parts = tuple(f"video_p{n}_watched_actions" for n in (25, 50, 75, 95, 100))
        return {
            "account_id": self.account,
            "account_currency": "USD",
            "ad_id": str(120_000_000_000_000 + ad),
            "ad_name": f"ad {ad}",
            "adset_id": str(110_000_000_000_000 + ad // 4),
            "adset_name": f"set {ad // 4}",
            "campaign_id": str(100_000_000_000_000 + ad // 20),
            "campaign_name": f"campaign {ad // 20}",
            "date_start": day,
            "date_stop": day,
            "spend": f"{(i % 9000) / 100:.2f}",
            "impressions": str(100 + i % 5000),
            "reach": str(90 + i % 4000),
            "clicks": str(i % 50),
            "inline_link_clicks": str(i % 40),
            "attribution_setting": "7d_click_1d_view",
            "actions": [*plays, {"action_type": "link_click", "value": str(i % 40)}],
            **dict.fromkeys((*lists, *parts), plays),
        }

    def rows(self, body: Any) -> list[dict[str, Any]]:
        return [
            {
                name: json.dumps(value) if isinstance(value, list) else value
                for name, value in row.items()
            }
            for row in body["data"]
        ]


class Youtube(Recording):
    """video_daily: a question per video and month, as the API wants it."""

    source, table = "youtube", "video_daily"
    channel = "UCabcdefghijklmnopqrstuv"
    metrics = (
        *("views", "engagedViews", "estimatedMinutesWatched", "averageViewDuration"),
        *("averageViewPercentage", "likes", "dislikes", "comments", "shares"),
        *("subscribersGained", "subscribersLost"),
    )

    def videos(self) -> list[str]:
        return [f"video{i:06d}" for i in range(self.daily)]

    def questions(self) -> Iterator[Question]:
        for video in self.videos():
            day = LAST - (self.days - 1) * DAY
            while day <= LAST:
                end = min(LAST, day + 30 * DAY)
                query = {"filters": f"video=={video}", "startDate": str(day)}
                query |= {"endDate": str(end), "dimensions": "day"}
                yield Question("GET", "/v2/reports", tuple(query.items()))
                day = end + DAY

    def answer(self, asked: Question) -> bytes:
        query = dict(asked.query)
        if asked.path == "/v2/reports":
            return self._report(query)
        if asked.path.endswith("/playlistItems"):
            first, ids = int(query.get("pageToken") or 0), self.videos()
            page = [{"contentDetails": {"videoId": v}} for v in ids[first : first + 50]]
            body: dict[str, Any] = {"items": page}
            if first + 50 < len(ids):
                body["nextPageToken"] = str(first + 50)
            return json.dumps(body).encode()
        if asked.path.endswith("/videos"):
            items = [
                {
                    "id": video,
                    "snippet": {"title": video, "publishedAt": "2025-01-01T00:00:00Z"},
                    "contentDetails": {"duration": "PT1M"},
                }
                for video in query["id"].split(",")
            ]
            return json.dumps({"items": items}).encode()
        item = {"id": self.channel, "snippet": {"title": "Large"}, "statistics": {}}
        lists = {"relatedPlaylists": {"uploads": "UU" + self.channel[2:]}}
        return json.dumps({"items": [{**item, "contentDetails": lists}]}).encode()

    def _report(self, query: Mapping[str, str]) -> bytes:
        dimension = query["dimensions"]
        names = [dimension, *query.get("metrics", ",".join(self.metrics)).split(",")]
        body: dict[str, Any] = {"columnHeaders": [{"name": name} for name in names]}
        if dimension == "day":
            first = max(
                date.fromisoformat(query["startDate"]), LAST - (self.days - 1) * DAY
            )
            days = (date.fromisoformat(query["endDate"]) - first).days + 1
            body["rows"] = [
                [str(first + n * DAY), *((n * 7 + m) % 900 for m in range(11))]
                for n in range(days)
            ]
        return json.dumps(body).encode()

    def rows(self, body: Any) -> list[dict[str, Any]]:
        names = [header["name"] for header in body["columnHeaders"]]
        return [dict(zip(names, row, strict=True)) for row in body.get("rows", ())]


RECORDINGS = {each.source: each for each in (SearchConsole, MetaAds, Youtube)}


def serve(recording: Recording, latency: float) -> ThreadingHTTPServer:
    """A loopback server of the recording; every answer is `latency` seconds late."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(size).decode()
            query = tuple((k, v[-1]) for k, v in parse_qs(url.query).items())
            if url.path.endswith("/token"):
                content = b'{"access_token": "recorded", "expires_in": 3599}'
            else:
                asked = Question(self.command, unquote(url.path), query, body)
                content = recording.answer(asked)
            sleep(latency)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the process is measured."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    return server
