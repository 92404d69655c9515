"""A page's videos over HTTP: the company's totals, reels apart, the page's token, refusals."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion import graph
from ingestion.errors import CredentialRefused, RequestRefused
from ingestion.sandbox.graph import page_token
from ingestion.source import Ask
from ingestion.sources import facebook_pages
from ingestion.sources.facebook_pages import SPEC, columns, fake
from ingestion.windows import DAY, Window
from tests.contract.conftest import Connect, Link
from tests.support import networks
from tests.support.networks import Nights


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(facebook_pages, fake.routes, tmp_path)


@pytest.fixture
def link(connect: Connect) -> Iterator[Link]:
    yield connect(SPEC, fake.routes(networks.view()))


@pytest.fixture
def one_reel(monkeypatch: pytest.MonkeyPatch) -> str:
    """The first post is a reel, the second a video."""
    first = next(iter(networks.posts("facebook_pages").values()))
    monkeypatch.setattr(fake._Page, "is_reel", lambda self, row: row == first)
    return next(iter(networks.posts("facebook_pages")))


def ask(link: Link) -> Ask:
    last = networks.day(0, SPEC.lag_days)
    accounts = facebook_pages.accounts(link.api)
    return Ask(accounts, Window.inclusive(last, last), networks.view().as_of)


def test_videos_and_reels_carry_what_the_company_delivered(
    nights: Nights, one_reel: str
) -> None:
    nights.load(0)
    rows = nights.rows(
        "select id, kind, total_video_views, blue_reels_play_count, "
        "coalesce(total_video_view_total_time, post_video_view_time) "
        "from raw_facebook_pages.videos"
    )
    posts = networks.posts("facebook_pages")
    assert {row[0] for row in rows} == set(posts)
    last = networks.view().days - 1 - SPEC.lag_days
    for video, kind, views, plays, watched in rows:
        assert kind == ("reel" if video == one_reel else "video")
        counted = {"plays_3s": views, "starts": plays}
        left_out = "plays_3s" if kind == "reel" else "starts"
        assert counted.pop(left_out) is None  # a reel's count is another thing
        counted["watch_seconds"] = watched / 1000  # told in milliseconds
        for measure, count in counted.items():
            final = networks.delivered(posts[video], measure, last)
            assert 0.85 * final - 3 <= count <= final


def test_every_reading_is_kept_and_a_day_read_twice_is_one(nights: Nights) -> None:
    for days_ago in (1, 0, 0):
        nights.load(days_ago)
    rows = nights.rows(
        "select snapshot_date, count(*) from raw_facebook_pages.videos group by 1 order by 1"
    )
    assert rows == [(networks.day(ago, SPEC.lag_days), 2) for ago in (1, 0)]


def test_readings_of_the_nights_equal_those_of_a_fresh_load(
    nights: Nights, tmp_path: Path
) -> None:
    fresh = Nights(facebook_pages, fake.routes, tmp_path / "fresh")
    nights.load(7)
    nights.load(0)
    fresh.load(0)
    told = "select * exclude (_dlt_load_id) from raw_facebook_pages.videos "
    day = networks.day(0, SPEC.lag_days)
    newest = nights.rows(f"{told} where snapshot_date = date '{day}'")
    assert sorted(newest, key=str) == sorted(fresh.rows(told), key=str)


def test_a_past_window_reads_nothing(nights: Nights) -> None:
    past = networks.day(20, 0)
    assert nights.load(0, Window(past, past + 5 * DAY)).status == "fresh"
    assert nights.rows("select count(*) from raw_facebook_pages.videos") == [(0,)]


def test_pages_are_followed_to_the_end(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "ROWS_PER_PAGE", 1)
    (batch,) = facebook_pages.videos(link.api, ask(link))
    assert {row["id"] for row in batch.rows} == set(networks.posts("facebook_pages"))
    paged = [c for c in link.calls if c.path.endswith("/videos")]
    assert len(paged) == 2


def test_insights_are_asked_with_the_pages_own_token(link: Link) -> None:
    list(facebook_pages.videos(link.api, ask(link)))
    own = page_token(networks.view().company.facebook_page_id)
    for call in link.calls:
        assert (call.token == own) == ("me/accounts" not in call.path)
    path = f"{networks.view().company.facebook_page_id}/videos"
    with pytest.raises(CredentialRefused, match="Page Access Token"):
        graph.get(link.api, path, {"fields": "id"})


def test_a_video_without_insights_stays_unmeasured(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"video": ("plays",), "reel": ("plays",)}
    monkeypatch.setattr(facebook_pages, "METRICS", wrong)
    (batch,) = facebook_pages.videos(link.api, ask(link))
    assert len(batch.rows) == 2
    assert all("total_video_views" not in row for row in batch.rows)


def test_a_reel_is_refused_the_metrics_of_a_video(link: Link, one_reel: str) -> None:
    own = graph.as_page(link.api, page_token(networks.view().company.facebook_page_id))
    with pytest.raises(RequestRefused, match="valid insights metric"):
        graph.get(own, f"{one_reel}/video_insights", {"metric": "total_video_views"})


def test_a_revoked_token_stops_the_source_with_the_remedy(nights: Nights) -> None:
    outcome = nights.load(0, ACCESS_TOKEN="revoked")
    assert outcome.status == "stale"
    assert "playhead auth facebook_pages" in str(outcome.reason)


def test_metrics_and_fields_exist_at_facebook(shared: Path) -> None:
    specs = shared / "apis" / "specs" / "meta"
    told = json.loads((specs / "organic_video_metrics.json").read_text())
    known_by_reels = {*told["reels"], "post_video_social_actions"}
    assert set(columns.VIDEO_METRICS) <= set(told["video"])
    assert set(columns.REEL_METRICS) <= known_by_reels
    objects = json.loads((specs / "graph_v26.fields.json").read_text())["objects"]
    assert set(columns.VIDEO_FIELDS) <= set(objects["ad_video"]["fields"])


def test_a_first_catalogue_names_every_video(link: Link) -> None:
    listed = list(
        facebook_pages.list_videos(link.api, facebook_pages.accounts(link.api))
    )
    found = {each["platform_object_id"] for each in listed}
    assert found == set(networks.posts("facebook_pages"))
    assert all(each["published_date"] and each["title"] for each in listed)
