"""A small warehouse with a schema `published`, and the folder it is published to."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.publish import PublishResult, current, publish

# 60 rows over two videos: impressions 100 .. 159 sum to 60 * (100 + 159) / 2 = 7770;
# spend 0.25 a row to 15; watch seconds 1.5 a row to 90.
WAREHOUSE = """
create schema marts;
create schema published;
create table marts.kpi as
select
    'v' || (i % 2) as video_key,
    date '2026-01-01' + cast(i as integer) as performance_date,
    cast(100 + i as bigint) as impressions,
    cast(0.25 as decimal(18, 4)) as spend_usd,
    cast(1.5 as double) as watch_seconds,
    i % 3 = 0 as is_paid,
    timestamp '2026-03-01 12:00:00' as measured_at,
    'load-1' as load_id
from range(60) as r (i);
create view published.kpi_daily as select * from playhead.marts.kpi;
comment on column published.kpi_daily.spend_usd is 'USD at the day''s rate';
create table published.videos as
select * from (values ('v0', 'Demo'), ('v1', '=HYPERLINK("x")')) as t (video_key, title);
"""
SOURCES = (
    {"source": "youtube", "status": "fresh", "last_date": "2026-03-01", "rows": 60},
    {"source": "meta_ads", "status": "stale", "reason": "token lacks ads_read"},
)


@dataclass(frozen=True)
class Place:
    """One data folder."""

    root: Path

    @property
    def warehouse_path(self) -> Path:
        return self.root / "playhead.duckdb"

    @property
    def published_dir(self) -> Path:
        return self.root / "published"

    @property
    def report_dir(self) -> Path:
        return self.root / "report"

    def sql(self, *statements: str) -> None:
        """Change the warehouse as a run would."""
        with duckdb.connect(str(self.warehouse_path)) as con:
            for statement in statements:
                con.execute(statement)

    def publish(self, **changes: Any) -> PublishResult:
        asked: dict[str, Any] = {
            "warehouse_path": self.warehouse_path,
            "published_dir": self.published_dir,
            "as_of": date(2026, 3, 1),
            "sources": SOURCES,
            "is_simulated": True,
            "mode": "sandbox",
            "report_dir": self.report_dir,
            "render_report": lambda path, number: f"<h1>generation {number}</h1>",
        }
        return publish(**{**asked, **changes})

    def publish_changed(self, times: int = 1) -> PublishResult:
        """One more impression each time: one more generation each time."""
        for _ in range(times):
            self.sql("update marts.kpi set impressions = impressions + 1")
            result = self.publish()
        return result

    def copy_to(self, other: "Place") -> "Place":
        shutil.copytree(self.root, other.root, dirs_exist_ok=True)
        if self.published_dir.exists():
            # A copy forgets that two names are one file.
            live = other.published_dir / current(other.published_dir).file
            (other.published_dir / "current.duckdb").unlink()
            (other.published_dir / "current.duckdb").hardlink_to(live)
        return other

    def files(self) -> set[str]:
        """Everything in the published folder, relative."""
        found = (p for p in self.published_dir.rglob("*") if p.is_file())
        return {path.relative_to(self.published_dir).as_posix() for path in found}

    def front_page(self) -> str:
        return (self.report_dir / "index.html").read_text()


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here cuts the power; waiting for a busy disk proves nothing."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Place]:
    """Data folders with 0, 1, 2, 3 generations: each made once, from the one before."""

    @cache
    def template(generations: int) -> Place:
        place = Place(tmp_path_factory.mktemp(f"generations-{generations}"))
        if generations == 0:
            place.sql(WAREHOUSE)
            return place
        template(generations - 1).copy_to(place)
        if generations == 1:
            place.publish()
        else:
            place.publish_changed()
        return place

    return template


@pytest.fixture
def place_with(
    templates: Callable[[int], Place], tmp_path: Path
) -> Callable[[int], Place]:
    """A data folder of one's own in which so many generations are published.

    Each has 60 impressions more than the one before it.
    """
    return lambda generations: templates(generations).copy_to(Place(tmp_path))


@pytest.fixture
def place(place_with: Callable[[int], Place]) -> Place:
    """The warehouse alone: nothing is published."""
    return place_with(0)


@pytest.fixture
def flip() -> Callable[[Path], None]:
    """Turn one byte in the middle of a file round, as a failing disk does."""

    def turn(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.chmod(0o644)
        path.write_bytes(content)  # the same inode, so every link of it is hit

    return turn
