"""An Instagram account over HTTP: the company's totals, product types, pages, refusals."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion import graph
from ingestion.errors import RequestRefused
from ingestion.source import Ask
from ingestion.sources import instagram
from ingestion.sources.instagram import SPEC, columns, fake
from ingestion.windows import DAY, Window
from tests.contract.conftest import Connect, Link
from tests.support import networks
from tests.support.networks import Nights


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(instagram, fake.routes, tmp_path)


@pytest.fixture
def link(connect: Connect) -> Iterator[Link]:
    yield connect(SPEC, fake.routes(networks.view()))


@pytest.fixture
def one_in_the_feed(monkeypatch: pytest.MonkeyPatch) -> str:
    """The first post stands in the feed, the second is a reel."""
    first, row = next(iter(networks.posts("instagram").items()))
    monkeypatch.setattr(
        fake._Account, "product", lambda self, each: "FEED" if each == row else "REELS"
    )
    return first


def ask(link: Link) -> Ask:
    last = networks.day(0, SPEC.lag_days)
    accounts = instagram.accounts(link.api)
    return Ask(accounts, Window.inclusive(last, last), networks.view().as_of)


def test_videos_carry_what_the_company_delivered(
    nights: Nights, one_in_the_feed: str
) -> None:
    nights.load(0)
    rows = nights.rows(
        "select id, media_product_type, views, likes, saved, "
        "ig_reels_video_view_total_time from raw_instagram.media"
    )
    posts = networks.posts("instagram")
    assert {row[0] for row in rows} == set(posts)  # no picture among them
    last = networks.view().days - 1 - SPEC.lag_days
    for media, product, views, likes, saved, watched in rows:
        assert product == ("FEED" if media == one_in_the_feed else "REELS")
        assert (watched is None) == (product == "FEED")  # told for reels alone
        counted = {"starts": views, "likes": likes, "saves": saved}
        if watched is not None:
            counted["watch_seconds"] = watched / 1000  # told in milliseconds
        for measure, count in counted.items():
            final = networks.delivered(posts[media], measure, last)
            assert 0.85 * final - 3 <= count <= final


def test_every_reading_is_kept_and_a_day_read_twice_is_one(nights: Nights) -> None:
    for days_ago in (1, 0, 0):
        nights.load(days_ago)
    rows = nights.rows(
        "select snapshot_date, count(*) from raw_instagram.media group by 1 order by 1"
    )
    assert rows == [(networks.day(ago, SPEC.lag_days), 2) for ago in (1, 0)]


def test_readings_of_the_nights_equal_those_of_a_fresh_load(
    nights: Nights, tmp_path: Path
) -> None:
    fresh = Nights(instagram, fake.routes, tmp_path / "fresh")
    nights.load(7)
    nights.load(0)
    fresh.load(0)
    told = "select * exclude (_dlt_load_id) from raw_instagram.media "
    day = networks.day(0, SPEC.lag_days)
    newest = nights.rows(f"{told} where snapshot_date = date '{day}'")
    assert sorted(newest, key=str) == sorted(fresh.rows(told), key=str)


def test_a_past_window_reads_nothing(nights: Nights) -> None:
    past = networks.day(20, 0)
    assert nights.load(0, Window(past, past + 5 * DAY)).status == "fresh"
    assert nights.rows("select count(*) from raw_instagram.media") == [(0,)]


def test_pages_are_followed_to_the_end(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "ROWS_PER_PAGE", 1)
    (batch,) = instagram.media(link.api, ask(link))
    assert {row["id"] for row in batch.rows} == set(networks.posts("instagram"))
    assert len([c for c in link.calls if c.path.endswith("/media")]) == 3  # a picture


def test_a_metric_of_another_product_type_fails_the_call(
    link: Link, one_in_the_feed: str
) -> None:
    with pytest.raises(RequestRefused, match="does not support"):
        graph.get(
            link.api, f"{one_in_the_feed}/insights", {"metric": "reels_skip_rate"}
        )
    for removed in ("plays", "impressions", "video_views"):
        with pytest.raises(RequestRefused):
            graph.get(link.api, f"{one_in_the_feed}/insights", {"metric": removed})


def test_a_video_without_insights_stays_unmeasured(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"FEED": ("plays",), "REELS": ("plays",)}
    monkeypatch.setattr(columns, "METRICS", wrong)
    (batch,) = instagram.media(link.api, ask(link))
    assert len(batch.rows) == 2
    assert all("views" not in row for row in batch.rows)


def test_a_revoked_token_stops_the_source_with_the_remedy(nights: Nights) -> None:
    outcome = nights.load(0, ACCESS_TOKEN="revoked")
    assert outcome.status == "stale"
    assert "playhead auth instagram" in str(outcome.reason)


def test_metrics_exist_at_instagram(shared: Path) -> None:
    path = shared / "apis" / "specs" / "meta" / "organic_video_metrics.json"
    told = json.loads(path.read_text())
    for product, metrics in columns.METRICS.items():
        assert set(metrics) <= set(told["instagram_by_product_type"][product])
        assert not set(metrics) & set(told["instagram_removed_2025_04_21"])


def test_a_first_catalogue_names_every_video(link: Link) -> None:
    listed = list(instagram.list_videos(link.api, instagram.accounts(link.api)))
    found = {each["platform_object_id"] for each in listed}
    assert found == set(networks.posts("instagram"))
    assert all("\n" not in each["title"] for each in listed)
