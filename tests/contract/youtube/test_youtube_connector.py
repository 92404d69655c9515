"""The YouTube connector against its fake: nights equal a fresh load, nothing is lost."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.ingest import ingest
from ingestion.sandbox.server import serving
from ingestion.sources import youtube
from ingestion.sources.youtube import fake
from ingestion.windows import Window
from ingestion.world import World
from warehouse.settings import Settings

DAILY = "select * exclude (_dlt_load_id) from raw_youtube.video_daily order by all"


def night(world: World, folder: Path, as_of: date, window: Window | None = None) -> Any:
    with serving(fake.routes(world.view(as_of))) as sandbox:
        settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
        return ingest(youtube, settings, as_of=as_of, window=window)


def read(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "playhead.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


@pytest.fixture(scope="module")
def last(unit_world: World) -> date:
    return unit_world.view().as_of


def test_two_nights_equal_a_fresh_load(
    unit_world: World, last: date, tmp_path: Path
) -> None:
    night(unit_world, tmp_path / "nights", last - timedelta(days=1))
    night(unit_world, tmp_path / "nights", last)
    night(unit_world, tmp_path / "fresh", last)
    nights = read(tmp_path / "nights", DAILY)
    assert nights == read(tmp_path / "fresh", DAILY)
    assert len(nights) > 400


def test_backfill_in_any_order_gives_the_same(
    unit_world: World, last: date, tmp_path: Path
) -> None:
    days = Window(last - timedelta(days=40), last - timedelta(days=1))
    pieces = list(days.split(13))
    for name, order in (("forth", pieces), ("back", pieces[::-1])):
        for piece in order:
            night(unit_world, tmp_path / name, last, piece)
    assert read(tmp_path / "forth", DAILY) == read(tmp_path / "back", DAILY)


def test_views_and_watch_time_are_the_worlds_own(
    unit_world: World, last: date, tmp_path: Path
) -> None:
    night(unit_world, tmp_path, last)
    view = unit_world.view(last)
    rows = view.placements["channel"] == "youtube_organic"
    # older than six days nothing is held back; spam takes 0.6 % of one row in ten away
    settled = slice(0, view.days - 7)
    finals = view.delivery["starts"][rows][:, settled].sum()
    cut = view.as_of - timedelta(days=6)
    ((views,),) = read(
        tmp_path,
        f"select sum(engaged_views) from raw_youtube.video_daily where day < '{cut}'",
    )
    assert views <= finals
    assert views >= 0.99 * finals


def test_the_newest_days_are_late_and_grow(
    unit_world: World, last: date, tmp_path: Path
) -> None:
    newest = "select max(day) from raw_youtube.video_daily"
    night(unit_world, tmp_path, last)
    assert read(tmp_path, newest) == [(last - timedelta(days=2),)]
    of_day = f"where day = '{last - timedelta(days=2)}'"
    counted = f"select sum(engaged_views) from raw_youtube.video_daily {of_day}"
    ((before,),) = read(tmp_path, counted)
    night(unit_world, tmp_path, last + timedelta(days=4))
    ((after,),) = read(tmp_path, counted)
    assert after >= before
