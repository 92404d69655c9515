"""TikTok's posts over HTTP: the company's totals, pages, readings night after night, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion import tiktok as api
from ingestion.errors import AnswerUnreadable, CredentialRefused, RequestRefused
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.source import Ask
from ingestion.sources import tiktok
from ingestion.sources.tiktok import SPEC, columns, fake
from ingestion.windows import DAY, Window
from tests.contract.conftest import Connect
from tests.support import networks
from tests.support.networks import Nights

PATH = "/open_api/v1.3/business/video/list/"


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tiktok, fake.routes, tmp_path)


def ask(accounts: Any = ("a",), days_ago: int = 0) -> Ask:
    last = networks.day(days_ago, SPEC.lag_days)
    return Ask(accounts, Window.inclusive(last, last), networks.view(days_ago).as_of)


def test_posts_carry_what_the_company_delivered(nights: Nights) -> None:
    nights.load(0)
    rows = nights.rows(
        "select item_id, video_views, likes, website_clicks, total_time_watched, "
        "favorites from raw_tiktok.videos"
    )
    posts = networks.posts("tiktok")
    assert len(rows) == len(posts) == 2
    last = networks.view().days - 1 - SPEC.lag_days
    for post, views, likes, clicks, seconds, saves in rows:
        told = {"starts": views, "likes": likes, "clicks": clicks, "saves": saves}
        told["watch_seconds"] = seconds
        for measure, count in told.items():
            final = networks.delivered(posts[post], measure, last)
            assert 0.85 * final - 3 <= count <= final  # late, and some taken back


def test_every_reading_is_kept_and_a_day_read_twice_is_one(nights: Nights) -> None:
    for days_ago in (2, 1, 1, 0):
        nights.load(days_ago)
    rows = nights.rows(
        "select snapshot_date, count(*), count(distinct item_id) "
        "from raw_tiktok.videos group by 1 order by 1"
    )
    expected = [networks.day(ago, SPEC.lag_days) for ago in (2, 1, 0)]
    assert rows == [(day, 2, 2) for day in expected]


def test_readings_of_the_nights_equal_those_of_a_fresh_load(
    nights: Nights, tmp_path: Path
) -> None:
    fresh = Nights(tiktok, fake.routes, tmp_path / "fresh")
    nights.load(7)
    nights.load(0)
    fresh.load(0)
    told = "select * exclude (_dlt_load_id) from raw_tiktok.videos "
    newest = (
        told
        + "where snapshot_date = (select max(snapshot_date) from raw_tiktok.videos)"
    )
    assert sorted(nights.rows(newest)) == sorted(fresh.rows(told))


def test_a_past_window_reads_nothing(nights: Nights) -> None:
    past = networks.day(20, 0)
    outcome = nights.load(0, Window(past, past + 5 * DAY))
    assert outcome.status == "fresh"
    assert nights.rows("select count(*) from raw_tiktok.videos") == [(0,)]


def test_pages_are_followed_to_the_end(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiktok, "POSTS_PER_PAGE", 1)
    link = connect(SPEC, fake.routes(networks.view()))
    (batch,) = tiktok.videos(link.api, ask(tiktok.accounts(link.api)))
    assert {row["item_id"] for row in batch.rows} == set(networks.posts("tiktok"))
    assert [call.query.get("cursor", "") == "" for call in link.calls] == [True, False]


def test_a_cursor_that_comes_back_ends_the_reading(connect: Connect) -> None:
    def again(request: Request) -> Reply:
        return fake.envelope(0, "OK", {"videos": [], "has_more": True, "cursor": 7})

    link = connect(SPEC, [Route("GET", PATH, again)])
    with pytest.raises(AnswerUnreadable, match="cursor 7 twice"):
        list(tiktok.videos(link.api, ask()))


def test_the_other_spelling_of_favorites_is_read(connect: Connect) -> None:
    def spelt(request: Request) -> Reply:
        post = {"item_id": "1", "create_time": "1767000000", "favorities": 4}
        return fake.envelope(0, "OK", {"videos": [post], "has_more": False})

    link = connect(SPEC, [Route("GET", PATH, spelt)])
    (batch,) = tiktok.videos(link.api, ask())
    assert batch.rows[0]["favorites"] == 4
    assert batch.rows[0]["create_time"] == 1_767_000_000_000  # seconds to milliseconds


def test_a_quiet_post_tells_no_watch_time() -> None:
    seen = networks.world().view(networks.view().as_of)  # one of our own
    starts = seen.delivery["starts"].copy()
    starts[:, -9:] = 0  # seven days, and the two that are not counted yet
    seen.__dict__["delivery"] = {**seen.delivery, "starts": starts}
    told = fake._Posts(seen)
    post = told._post(told.rows[0], list(columns.FIELDS))
    assert "video_views" in post
    assert not set(fake.WATCHED) & set(post)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        *((0, "ok"), (40100, "retry"), (50002, "retry"), (60001, "retry")),
        *((40105, "refused"), (40001, "refused"), (40002, "wrong")),
        (40067, "too_much"),
    ],
)
def test_the_code_in_the_envelope_decides(code: int, verdict: str) -> None:
    assert api.verdict(200, {"code": code, "message": "x"}) == verdict


def test_a_page_that_is_no_envelope_is_judged_by_its_status() -> None:
    assert [api.verdict(status, None) for status in (200, 401, 503)] == [
        *("ok", "refused", "retry")
    ]


def test_a_revoked_token_is_told_with_the_remedy(nights: Nights) -> None:
    outcome = nights.load(0, REFRESH_TOKEN="revoked")
    assert outcome.status == "stale"


def test_what_tiktok_refuses_the_sandbox_refuses(connect: Connect) -> None:
    link = connect(SPEC, fake.routes(networks.view()))
    known = {"business_id": networks.view().company.tiktok_business_id}
    for wrong in ({"max_count": 21}, {"fields": '["spend"]'}, {"fields": "item_id"}):
        with pytest.raises(RequestRefused):
            link.api.get("business", PATH, known | wrong)
    with pytest.raises(CredentialRefused, match="No permission"):
        link.api.get("business", PATH, {"business_id": "somebody else"})


def test_requests_stay_inside_the_specification(connect: Connect, shared: Path) -> None:
    path = shared / "apis" / "specs" / "tiktok" / "tiktok_fields.json"
    told = json.loads(path.read_text())
    known = {*told["business_video_fields"], "favorites"}  # two spellings are about
    assert set(columns.FIELDS) <= known
    link = connect(SPEC, fake.routes(networks.view()))
    for batches in tiktok.read(link.api, ask(tiktok.accounts(link.api))).values():
        list(batches)
    allowed = {name.partition(".")[0] for name in told["business_video_request"]}
    for call in link.calls:
        assert call.path == PATH
        assert set(call.query) <= allowed
        assert int(call.query["max_count"]) <= 20
        assert call.headers["access-token"]


def test_a_first_catalogue_names_every_post(connect: Connect) -> None:
    link = connect(SPEC, fake.routes(networks.view()))
    listed = list(tiktok.list_videos(link.api, tiktok.accounts(link.api)))
    assert {each["platform_object_id"] for each in listed} == set(
        networks.posts("tiktok")
    )
    assert all(each["published_date"] and each["title"] for each in listed)
