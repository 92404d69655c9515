"""kill -9 inside the load of one source: every raw table is the old one or the new one.

A server process imports the loader once and forks a child for each kill; the child kills
itself where the load has come to a named point. The next load ends in the same tables as
one that nobody disturbed.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.sandbox.process import set_day
from ingestion.windows import DAY
from tests.support.house import House, clean_environment, house

SOURCE = "meta_ads"  # lists, and two windows that the platform restates
POINTS = (
    "extracting",  # the first rows of a window came, the others did not
    "packaged",  # all is fetched and typed, nothing is in the warehouse
    "emptied",  # the window's old rows are deleted, the new ones not yet inserted
    "loaded",  # all rows are in, nothing is written down of it
)
SERVER = """
import os, signal, sys
from datetime import date
from pathlib import Path

import ingestion.ingest, ingestion.pipeline
from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient
from dlt.pipeline.pipeline import Pipeline
from ingestion.registry import sources
from warehouse.settings import Settings


def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)


def extracting():
    cast = ingestion.pipeline.cast

    def once(table, rows, **more):
        if table.name == "ad_insights" and rows:
            die()
        return cast(table, rows, **more)

    ingestion.pipeline.cast = once


def emptied():
    execute = DuckDbSqlClient.execute_sql

    def halved(self, sql, *args, **more):
        head, sep, rest = str(sql).partition("INSERT INTO")
        if 'DELETE FROM "raw_meta_ads"."ad_insights"' in head and sep:
            execute(self, head)
            die()
        return execute(self, sql, *args, **more)

    DuckDbSqlClient.execute_sql = halved


def packaged():
    Pipeline.load = die


def loaded():
    ingestion.ingest.record = die


folder, url, source = sys.argv[1:]
settings = Settings(data_dir=Path(folder), scenario="unit", sandbox_url=url)
for line in sys.stdin:
    point, day = line.split()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        globals()[point]()
        ingestion.ingest.ingest(
            sources()[source], settings, as_of=date.fromisoformat(day)
        )
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
Tables = Mapping[str, list[tuple[object, ...]]]


def tables(place: House) -> Tables:
    """Every raw table without the id of its load, in a fixed order."""
    with duckdb.connect(str(place.settings.warehouse_path), read_only=True) as con:
        return {
            table.name: con.execute(
                f"select * exclude (_dlt_load_id) from raw_{SOURCE}.{table.name} "
                "order by all"
            ).fetchall()
            for table in sources()[SOURCE].SPEC.tables
        }


@pytest.fixture(scope="module")
def days(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[House, date, Tables]]:
    """The source loaded on one day (saved), and what it is after the next one."""
    with house(tmp_path_factory.mktemp("loads")) as place:
        today = set_day(place.sandbox.url, None).as_of
        ingest(sources()[SOURCE], place.settings, as_of=today)
        place.save("today")
        set_day(place.sandbox.url, today + DAY)
        ingest(sources()[SOURCE], place.settings, as_of=today + DAY)
        yield place, today + DAY, tables(place)


@pytest.fixture(scope="module")
def kill(days: tuple[House, date, Tables]) -> Iterator[Callable[[str], int]]:
    place, day, _ = days
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, place.data, place.sandbox.url, SOURCE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=clean_environment(),
    )
    assert process.stdin is not None and process.stdout is not None

    def order(point: str) -> int:
        process.stdin.write(f"{point} {day}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield order
    process.communicate()


def test_day_after_restates_the_window_so_that_old_and_new_differ(
    days: tuple[House, date, Tables],
) -> None:
    place, _, new = days
    place.back_to("today")
    old = tables(place)
    assert {name for name in new if new[name] != old[name]} >= {
        "ad_insights",
        "ad_insights_by_region",
    }


@pytest.mark.parametrize("point", POINTS)
def test_load_heals_when_it_was_killed(
    days: tuple[House, date, Tables], kill: Callable[[str], int], point: str
) -> None:
    place, day, new = days
    place.back_to("today")
    old = tables(place)
    assert kill(point) == -signal.SIGKILL
    for name, rows in tables(place).items():
        assert rows in (old[name], new[name]), f"{name} is neither the old nor the new"
    healed = ingest(sources()[SOURCE], place.settings, as_of=day)
    assert healed.status == "fresh"
    assert tables(place) == new
