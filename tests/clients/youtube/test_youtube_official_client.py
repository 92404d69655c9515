"""Google's own clients talk to YouTube's fake: what they decode, Google would answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from httplib2 import Http

from ingestion.sandbox.server import serving
from ingestion.sources.youtube import columns, fake
from ingestion.world import View

Client = Any


@pytest.fixture
def url(unit_view: View) -> Iterator[str]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield sandbox.url


def client(url: str, name: str, version: str, **access: Any) -> Client:
    return build(
        name,
        version,
        static_discovery=True,
        **(access or {"credentials": Credentials("t")}),
        client_options={"api_endpoint": url},
        cache_discovery=False,
    )


def uploads(data: Client) -> list[str]:
    """The channel's videos, as the client library walks a list."""
    mine = data.channels().list(part="contentDetails", mine=True).execute()
    listed = mine["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
    items = data.playlistItems()
    found: list[str] = []
    request = items.list(part="contentDetails", playlistId=listed, maxResults=5)
    while request is not None:
        answer = request.execute()
        found += [item["contentDetails"]["videoId"] for item in answer["items"]]
        request = items.list_next(request, answer)
    return found


def test_client_walks_the_uploads_page_by_page(url: str, unit_view: View) -> None:
    placements = unit_view.placements
    mine = placements.where(placements["channel"] == "youtube_organic")
    with client(url, "youtube", "v3") as data:
        assert sorted(uploads(data)) == sorted(mine["youtube_video_id"])


def test_client_reads_videos_with_counts_as_text(url: str) -> None:
    with client(url, "youtube", "v3") as data:
        ids = uploads(data)[:3]
        parts = "snippet,contentDetails,statistics"
        found = data.videos().list(part=parts, id=ids).execute()["items"]
    assert [item["id"] for item in found] == ids
    assert all(item["statistics"]["viewCount"].isdigit() for item in found)


def test_client_reads_a_report_by_day(url: str, unit_view: View) -> None:
    with client(url, "youtube", "v3") as data:
        video = uploads(data)[-1]
    with client(url, "youtubeAnalytics", "v2") as analytics:
        answer = (
            analytics.reports()
            .query(
                ids="channel==MINE",
                startDate=str(unit_view.start),
                endDate=str(unit_view.as_of),
                metrics=",".join(columns.DAILY_METRICS),
                dimensions="day",
                filters=f"video=={video}",
                sort="day",
            )
            .execute()
        )
    names = [header["name"] for header in answer["columnHeaders"]]
    assert names == ["day", *columns.DAILY_METRICS]
    assert all(len(row) == len(names) for row in answer["rows"])
    days = [row[0] for row in answer["rows"]]
    assert days == sorted(days)


def test_client_understands_that_a_token_is_missing(url: str) -> None:
    with client(url, "youtube", "v3", http=Http()) as data:
        request = data.channels().list(part="snippet", mine=True)
        with pytest.raises(HttpError) as refused:
            request.execute()
    assert refused.value.status_code == 401
    assert refused.value.error_details[0]["reason"] == "required"


def test_client_understands_the_refusal_of_a_metric(url: str, unit_view: View) -> None:
    day = str(unit_view.start)
    with client(url, "youtubeAnalytics", "v2") as analytics:
        query = analytics.reports().query(
            ids="channel==MINE", startDate=day, endDate=day, metrics="moods"
        )
        with pytest.raises(HttpError, match="not supported"):
            query.execute()
