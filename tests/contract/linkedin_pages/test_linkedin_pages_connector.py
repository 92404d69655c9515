"""A page on LinkedIn over HTTP: the company's days and totals, Rest.li, pages, refusals."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion import linkedin
from ingestion.errors import CredentialRefused, RateLimited, RequestRefused
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.source import Ask
from ingestion.sources import linkedin_pages
from ingestion.sources.linkedin_pages import SPEC, columns, fake
from ingestion.windows import DAY, Window
from tests.contract.conftest import Connect, Link
from tests.support import networks
from tests.support.networks import Nights

DAILY = (
    "select * exclude (_dlt_load_id) from raw_linkedin_pages.video_analytics_daily "
    "order by all"
)
TOTALS = "select * exclude (_dlt_load_id) from raw_linkedin_pages.posts "


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(linkedin_pages, fake.routes, tmp_path)


@pytest.fixture
def link(connect: Connect) -> Iterator[Link]:
    yield connect(SPEC, fake.routes(networks.view()))


def ask(link: Link, days: int = 40) -> Ask:
    last = networks.day(0, SPEC.lag_days)
    accounts = linkedin_pages.accounts(link.api)
    window = Window.inclusive(last - timedelta(days=days - 1), last)
    return Ask(accounts, window, networks.view().as_of)


def everything(link: Link) -> dict[str, list[dict[str, Any]]]:
    tables = linkedin_pages.read(link.api, ask(link))
    return {
        name: [row for batch in batches for row in batch.rows]  # type: ignore[union-attr]
        for name, batches in tables.items()
    }


def test_days_are_the_companys_own(nights: Nights) -> None:
    nights.load(0)
    posts, seen = networks.posts("linkedin_pages"), networks.view()
    rows = nights.rows(
        "select id, date, video_view, time_watched "
        "from raw_linkedin_pages.video_analytics_daily"
    )
    newest = networks.day(0, SPEC.lag_days)
    counted = dict.fromkeys(posts, 0)
    for post, day, views, watched in rows:
        number = (day - seen.start).days
        final = int(seen.delivery["plays_3s"][posts[post], number])
        seconds = int(seen.delivery["watch_seconds"][posts[post], number])
        if day < newest:  # whole; the newest day is there in part
            assert (views, watched) == (final, 1000 * seconds)
        counted[post] += views
    for post, row in posts.items():
        assert counted[post] <= networks.delivered(row, "plays_3s", seen.days - 2)
    assert len(rows) > 30


def test_totals_are_the_companys_own_and_text_posts_are_left_out(
    nights: Nights,
) -> None:
    nights.load(0)
    rows = nights.rows(
        "select id, impression_count, like_count, duration "
        "from raw_linkedin_pages.posts"
    )
    posts = networks.posts("linkedin_pages")
    assert {row[0] for row in rows} == set(posts)
    for post, impressions, likes, duration in rows:
        final = networks.delivered(posts[post], "impressions", networks.view().days - 2)
        assert 0.85 * final - 3 <= impressions <= final
        assert likes <= impressions
        assert duration % 1000 == 0


def test_two_nights_equal_a_fresh_load(nights: Nights, tmp_path: Path) -> None:
    fresh = Nights(linkedin_pages, fake.routes, tmp_path / "fresh")
    for days_ago in (8, 7, 3, 0):
        nights.load(days_ago)
    fresh.load(0)
    assert nights.rows(DAILY) == fresh.rows(DAILY)
    newest = TOTALS + f"where snapshot_date = date '{networks.day(0, SPEC.lag_days)}'"
    assert sorted(nights.rows(newest)) == sorted(fresh.rows(TOTALS))
    days = nights.rows(
        "select count(distinct snapshot_date) from raw_linkedin_pages.posts"
    )
    assert days == [(4,)]


def test_backfill_in_any_order_gives_the_same_days_and_no_totals(
    tmp_path: Path,
) -> None:
    last = networks.day(0, SPEC.lag_days)
    pieces = list(Window(last - timedelta(days=40), last - DAY).split(13))
    told = []
    for name, order in (("forth", pieces), ("back", pieces[::-1])):
        each = Nights(linkedin_pages, fake.routes, tmp_path / name)
        for piece in order:
            each.load(0, piece)
        told.append(each.rows(DAILY))
        assert each.rows("select count(*) from raw_linkedin_pages.posts") == [(0,)]
    assert told[0] == told[1] != []


def test_a_day_with_one_metric_alone_has_a_zero_for_the_other(connect: Connect) -> None:
    def answer(request: Request) -> Reply:
        start = int(request.query["timeRange.start"])
        days = {"VIDEO_VIEW": 0, "TIME_WATCHED": 1}
        at = start + 86_400_000 * days[request.query["type"]]
        span = {"start": at, "end": at + 86_400_000}
        return Reply({"elements": [{"value": 5, "timeRange": span}]})

    seen = networks.view()
    routes = [
        replace(route, handler=answer) if "videoAnalytics" in route.pattern else route
        for route in fake.routes(seen)
    ]
    rows = everything(connect(SPEC, routes))["video_analytics_daily"]
    told = {(row["video_view"], row["time_watched"]) for row in rows}
    assert told == {(5, 0), (0, 5)}


def test_pages_are_followed_by_offset(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkedin_pages, "POSTS_PER_PAGE", 1)
    assert len(everything(link)["posts"]) == 2
    asked = [c.query["start"] for c in link.calls if c.path == "/rest/posts"]
    assert asked == ["0", "1", "2"]  # two videos and a text, once for both tables


def test_posts_without_activity_have_zeros(connect: Connect) -> None:
    def silent(request: Request) -> Reply:
        return Reply({"elements": [], "paging": {}})

    routes = [
        replace(route, handler=silent) if "ShareStatistics" in route.pattern else route
        for route in fake.routes(networks.view())
    ]
    rows = everything(connect(SPEC, routes))["posts"]
    assert {row["impression_count"] for row in rows} == {0}


def test_a_revoked_token_stops_the_source_with_the_remedy(nights: Nights) -> None:
    outcome = nights.load(0, ACCESS_TOKEN="revoked")
    assert outcome.status == "stale"
    assert "playhead auth linkedin_pages" in str(outcome.reason)


def test_what_linkedin_refuses_the_sandbox_refuses(link: Link) -> None:
    author = {"q": "author", "author": linkedin.urn("urn:li:organization:9027415")}
    with pytest.raises(RequestRefused, match="FINDER"):
        linkedin.get(link.api, "posts", author)
    somebody = linkedin.urn("urn:li:organization:1")
    with pytest.raises(CredentialRefused, match="permission"):
        linkedin_pages._finder(link.api, "posts", {"q": "author", "author": somebody})
    raw = {"q": "author", "author": "urn:li:organization:9027415"}  # colons not encoded
    with pytest.raises(RequestRefused):
        linkedin_pages._finder(link.api, "posts", raw)
    entity = linkedin.urn(next(iter(networks.posts("linkedin_pages"))))
    times = {"timeRange.start": "0", "timeRange.end": str(400 * 86_400_000)}
    query = {"q": "entity", "entity": entity, "aggregation": "DAY", **times}
    for kind in ("VIDEO_VIEW", "VIDEO_PLAY"):  # too long; a member's metric
        with pytest.raises(RequestRefused):
            linkedin_pages._finder(link.api, "videoAnalytics", query | {"type": kind})


@pytest.mark.parametrize(
    ("version", "says"), [("202501", "not active"), ("", "must be present")]
)
def test_a_version_that_has_ended_is_told(
    connect: Connect, version: str, says: str
) -> None:
    spec = replace(SPEC, headers={**SPEC.headers, "LinkedIn-Version": version})
    with pytest.raises(RequestRefused, match=says):
        linkedin_pages.accounts(connect(spec, fake.routes(networks.view())).api)


def test_a_limit_of_the_day_ends_the_night(connect: Connect) -> None:
    said = "Resource level throttle APPLICATION DAY limit for calls to this resource"
    body = {"status": 429, "code": "TOO_MANY_REQUESTS", "message": said}

    def throttled(request: Request) -> Reply:
        return Reply(body, 429)

    link = connect(SPEC, [Route("GET", "/rest/organizationAcls", throttled)])
    with pytest.raises(RateLimited):
        linkedin_pages.accounts(link.api)


def test_requests_stay_inside_the_specification(link: Link, shared: Path) -> None:
    path = shared / "apis" / "specs" / "linkedin" / "linkedin_fields.json"
    told = json.loads(path.read_text())
    assert set(columns.SHARE_STATISTICS) <= set(told["share_statistics"])
    assert set(columns.VIDEO_TYPES) <= set(told["organization_video_types"])
    everything(link)
    for call in link.calls:
        assert call.headers["linkedin-version"] == linkedin.VERSION
        assert call.headers["x-restli-protocol-version"] == "2.0.0"
        if call.path == "/rest/videoAnalytics":
            assert call.query["aggregation"] in told["organization_video_aggregation"]
            assert call.query["entity"].startswith("urn:li:ugcPost:")
            span = [int(call.query[f"timeRange.{end}"]) for end in ("start", "end")]
            assert span[1] - span[0] <= 366 * 86_400_000


def test_a_first_catalogue_names_every_video_post(link: Link) -> None:
    listed = list(
        linkedin_pages.list_videos(link.api, linkedin_pages.accounts(link.api))
    )
    found = {each["platform_object_id"] for each in listed}
    assert found == set(networks.posts("linkedin_pages"))
    assert all(date.fromisoformat(each["published_date"]) for each in listed)
    assert all(int(each["duration_seconds"]) > 0 for each in listed)
