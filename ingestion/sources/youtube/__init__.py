"""YouTube: the channel's videos, what each did each day, and where people stop watching.

Data API v3 (channels, playlistItems, videos) and Analytics API v2 (reports).
Not here: units and what counts as a view (staging); retries (transport).
Version, quota, day zone, restatement: README.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from ingestion import google
from ingestion.errors import AnswerUnreadable
from ingestion.paging import Paging
from ingestion.source import Ask, Batch, Row
from ingestion.sources.youtube import columns
from ingestion.spec import SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import DAY, Window

IDS_PER_CALL = 50
ROWS_PER_CALL = 200
RETENTION_DAYS = 90

SPEC = SourceSpec(
    name="youtube",
    family="social",
    title="YouTube",
    day_zone="America/Los_Angeles",
    lag_days=2,
    lookback_days=7,
    tables=(
        Table("channels", columns.CHANNELS, grain=("account_id",)),
        Table("videos", columns.VIDEOS, grain=("account_id", "id")),
        Table(
            "video_daily",
            columns.VIDEO_DAILY,
            grain=("account_id", "video_id", "day"),
            replaced_by=("account_id", "day"),
            window_column="day",
        ),
        Table(
            "audience_retention",
            columns.AUDIENCE_RETENTION,
            grain=("account_id", "video_id", "elapsed_video_time_ratio"),
            may_shrink=True,  # small videos come and go
        ),
        Table(
            "video_counters",
            columns.VIDEO_COUNTERS,
            grain=("account_id", "video_id", "snapshot_date"),
            replaced_by=("account_id", "file"),
        ),
    ),
    settings=google.settings("youtube.readonly, yt-analytics.readonly"),
    consent=google.consent("youtube.readonly", "yt-analytics.readonly"),
    hosts={
        "data": "https://youtube.googleapis.com",
        "analytics": "https://youtubeanalytics.googleapis.com",
    },
    verdict=google.verdict,
    requests_at_once=4,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The channel of the token."""
    return [item["id"] for item in _channels(api)]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the channels in `ask`; the list of videos is fetched once."""
    listed = cache(lambda account: _video_ids(api, account))
    return {
        "channels": channels(api, ask),
        "videos": videos(api, ask, listed),
        "video_daily": video_daily(api, ask, listed),
        "audience_retention": audience_retention(api, ask, listed),
    }


def list_videos(api: Api, channels_of: Sequence[str]) -> Iterator[dict[str, str]]:
    """What `playhead init` writes into a first catalogue, one entry per video."""
    ask = Ask(channels_of, Window(date.min, date.min), date.min)
    for batch in videos(api, ask, lambda account: _video_ids(api, account)):
        for row in batch.rows:
            yield {
                "account_id": batch.account_id,
                "platform_object_id": row["id"],
                "title": row["title"],
                "channel": "youtube_organic",
                "duration_seconds": str(_seconds(row["duration"])),
                "published_date": str(row["published_at"])[:10],
            }


def channels(api: Api, ask: Ask) -> Iterator[Batch]:
    for item in _channels(api):
        counts = item["statistics"]
        row = {
            "account_id": item["id"],
            "title": item["snippet"]["title"],
            "uploads": item["contentDetails"]["relatedPlaylists"]["uploads"],
            "view_count": counts.get("viewCount"),
            "subscriber_count": counts.get("subscriberCount"),
            "video_count": counts.get("videoCount"),
        }
        yield Batch(item["id"], [row], "channels")


def videos(api: Api, ask: Ask, listed: Any) -> Iterator[Batch]:
    for account in ask.accounts:
        rows: list[Row] = []
        ids = listed(account)
        for start in range(0, len(ids), IDS_PER_CALL):
            answer = api.get(
                "data",
                "/youtube/v3/videos",
                {
                    "part": "snippet,contentDetails,statistics,status",
                    "id": ",".join(ids[start : start + IDS_PER_CALL]),
                },
            )
            rows += [_video(account, item) for item in answer.get("items", ())]
        yield Batch(account, rows, "videos")


def video_daily(api: Api, ask: Ask, listed: Any) -> Iterator[Batch]:
    """One query per video and month: longer ranges come back cut short, silently."""

    def of(pair: tuple[str, str]) -> Batch:
        account, video = pair
        rows: list[Row] = []
        for piece in ask.window.split(31):
            rows += _report(
                api,
                account,
                f"video=={video}",
                "day",
                columns.DAILY_METRICS,
                start=str(piece.start),
                end=str(piece.last),
            )
        for row in rows:
            row.update(account_id=account, video_id=video)
        return Batch(account, rows, f"reports video=={video}")

    yield from api.each(of, _videos_of(ask, listed))


def audience_retention(api: Api, ask: Ask, listed: Any) -> Iterator[Batch]:
    """The curve of the last 90 days, 100 points; small videos have none."""
    end = str(ask.as_of - SPEC.lag_days * DAY)
    start = str(ask.as_of - (SPEC.lag_days + RETENTION_DAYS - 1) * DAY)

    def of(pair: tuple[str, str]) -> Batch:
        account, video = pair
        rows = _report(
            api,
            account,
            f"video=={video}",
            "elapsedVideoTimeRatio",
            columns.RETENTION_METRICS,
            start=start,
            end=end,
        )
        for row in rows:
            row.update(account_id=account, video_id=video)
            row.update(window_start=start, window_end=end)
        return Batch(account, rows, f"reports retention {video}")

    yield from api.each(of, _videos_of(ask, listed))


def _videos_of(ask: Ask, listed: Any) -> Iterator[tuple[str, str]]:
    return ((account, video) for account in ask.accounts for video in listed(account))


def _channels(api: Api) -> list[Row]:
    answer = api.get(
        "data",
        "/youtube/v3/channels",
        {"part": "snippet,contentDetails,statistics", "mine": "true"},
    )
    return list(answer.get("items", ()))


def _video_ids(api: Api, account: str) -> list[str]:
    """The uploads playlist, UU + the channel's id after UC: 1 unit per 50 videos."""
    found: list[str] = []
    params = {"part": "contentDetails", "playlistId": "UU" + account[2:]}
    params |= {"maxResults": str(IDS_PER_CALL)}
    token: str | None = None
    paging = Paging("YouTube", f"videos of {account}")
    while True:
        page = api.get(
            "data",
            "/youtube/v3/playlistItems",
            params | ({"pageToken": token} if token else {}),
        )
        items = page.get("items", ())
        found += [item["contentDetails"]["videoId"] for item in items]
        token = page.get("nextPageToken")
        paging.take(items, token)
        if token is None:
            paging.end(page.get("pageInfo", {}).get("totalResults"))
            return list(dict.fromkeys(found))


def _video(account: str, item: Row) -> Row:
    snippet, counts = item["snippet"], item.get("statistics", {})
    return {
        "account_id": account,
        "id": item["id"],
        "title": snippet["title"],
        "description": snippet.get("description"),
        "published_at": snippet["publishedAt"],
        "duration": item["contentDetails"].get("duration"),
        "tags": snippet.get("tags", []),
        "privacy_status": item.get("status", {}).get("privacyStatus"),
        "view_count": counts.get("viewCount"),
        "like_count": counts.get("likeCount"),
        "comment_count": counts.get("commentCount"),
    }


def _report(
    api: Api,
    account: str,
    filters: str,
    dimension: str,
    metrics: Mapping[str, str],
    *,
    start: str,
    end: str,
) -> list[Row]:
    """A report by one dimension, paged by startIndex until a short page.

    Source: https://developers.google.com/youtube/analytics/reference/reports/query
    """
    names = {dimension: _snake(dimension), **metrics}
    paging = Paging("YouTube", f"the report {filters} by {dimension}")
    rows: list[Row] = []
    while True:
        answer = api.get(
            "analytics",
            "/v2/reports",
            {
                "ids": f"channel=={account}",
                "startDate": start,
                "endDate": end,
                "dimensions": dimension,
                "metrics": ",".join(metrics),
                "filters": filters,
                "sort": dimension,
                "maxResults": ROWS_PER_CALL,
                "startIndex": len(rows) + 1,
            },
        )
        headers = [header["name"] for header in answer["columnHeaders"]]
        if headers != list(names):
            raise AnswerUnreadable(
                f"YouTube answered columns {headers}, asked were {list(names)}: "
                "a metric was renamed or removed. See its revision history"
            )
        page = answer.get("rows", ())
        paging.take(page)
        rows += [dict(zip(names.values(), row, strict=True)) for row in page]
        if len(page) < ROWS_PER_CALL:
            return rows


def _seconds(duration: str | None) -> int:
    """Seconds of an ISO 8601 duration such as PT1H2M3S."""
    parts = re.findall(r"(\d+)([DHMS])", duration or "")
    return sum(int(n) * {"D": 86400, "H": 3600, "M": 60, "S": 1}[u] for n, u in parts)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
