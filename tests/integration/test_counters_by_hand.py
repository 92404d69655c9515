"""Lifetime counters turned into days: every expected figure is worked out beside it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.resources import Dbt, failures
from tests.support.handmade import write_raw
from warehouse import db
from warehouse.settings import Settings

FIRST = date(2026, 6, 1)


def reading(day: int, views: int | None, likes: int = 0, video: str = "v") -> Any:
    return {
        "account_id": "a",
        "video_id": video,
        "snapshot_date": FIRST + timedelta(days=day),
        "view_count": views,
        "like_count": likes,
        "file": "f",
    }


def post(item: str, day: int, published: int, views: int, seconds: float | None) -> Any:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(days=published)
    return {
        "account_id": "t",
        "item_id": item,
        "snapshot_date": FIRST + timedelta(days=day),
        "create_time": at,
        "video_views": views,
        "total_time_watched": seconds,
    }


@pytest.fixture(scope="module")
def differenced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """(day, views, likes, gap_days, is_correction) of each video's readings."""
    settings = Settings(
        data_dir=Path(tmp_path_factory.mktemp("counters")), mode="accounts"
    )
    rows = [
        # a day, a fall of views alone, a gap of three days
        *(reading(0, 100, 5), reading(1, 110, 6), reading(2, 108, 7)),
        reading(5, 200, 7),
        # nothing told on the second day: the third is compared with the first
        *(reading(0, 10, video="w"), reading(1, None, 1, "w"), reading(2, 14, 1, "w")),
    ]
    posts = [
        *(post("old", 0, -30, 500, 40.0), post("old", 1, -30, 520, None)),
        *(post("old", 2, -30, 521, 44.0), post("new", 2, 1, 60, 9.0)),
    ]
    raw = {"youtube.video_counters": rows, "tiktok.videos": posts}
    write_raw(settings, date(2026, 6, 30), raw)
    wrong = failures(Dbt(settings).build(["+int_social__video_performance_daily"]))
    assert not wrong, wrong
    with db.reader(settings.warehouse_path) as con:
        found = con.execute(
            "select platform_object_id, snapshot_date - date '2026-06-01', views, "
            "likes, gap_days, is_correction, lifetime_views "
            "from intermediate.int_social__counters_daily order by all"
        ).fetchall()
        reported = con.execute(
            "select platform_object_id, performance_date - date '2026-06-01', views, "
            "watch_seconds, gap_days, views_definition, channel "
            "from intermediate.int_social__video_performance_daily order by all"
        ).fetchall()
    told: dict[str, list[Any]] = {"reported": reported}
    for video, *rest in found:
        told.setdefault(video, []).append(tuple(rest))
    return told


def test_counters_are_differenced_signed_and_gaps_and_falls_are_marked(
    differenced: dict[str, list[Any]],
) -> None:
    assert differenced["v"] == [
        (0, None, None, None, False, 100),  # a base: no day's views
        (1, 10, 1, 1, False, 110),  # 110 - 100
        (2, -2, 1, 1, True, 108),  # 108 - 110: the platform took two back
        (5, 92, 0, 3, False, 200),  # 200 - 108 over three days, on the last of them
    ]


def test_days_sum_to_the_last_reading_minus_the_first(
    differenced: dict[str, list[Any]],
) -> None:
    days = [row[1] for row in differenced["v"] if row[1] is not None]
    assert sum(days) == 200 - 100


def test_a_reading_that_tells_nothing_is_skipped_and_loses_nothing(
    differenced: dict[str, list[Any]],
) -> None:
    assert [row[1] for row in differenced["w"]] == [None, None, 4]  # 14 - 10


def test_counters_beside_a_daily_report_are_never_added_to_it(
    differenced: dict[str, list[Any]],
) -> None:
    assert not {"v", "w"} & {row[0] for row in differenced["reported"]}


def test_gains_of_counters_are_days_of_performance(
    differenced: dict[str, list[Any]],
) -> None:
    kind = ("tiktok_plays", "social_organic")
    assert differenced["reported"] == [
        # published on day 1, after the account was first read: from zero, in two days
        ("new", 2, 60, 9.0, 2, *kind),
        ("old", 1, 20, None, 1, *kind),  # 520 - 500; a quiet post tells no watch time
        ("old", 2, 1, 4.0, 1, *kind),  # 44 - 40, the last that was told
    ]
