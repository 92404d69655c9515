"""What platforms change after the fact: a re-read window ends as a fresh load would.

Rows restated, taken away and added again, a day emptied, a day of 25 hours; loaded by dlt
itself, the stand-in of the other suites has to leave the same tables.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.tape import Shape, leaves, rows_of, with_leaf, with_rows
from ingestion.windows import Window, nightly
from ingestion.world import World
from tests.support.nights import Nights, nights
from tests.support.stand import QUICK, Strike, read_tables
from tests.support.strikes import is_whole
from warehouse.settings import Settings

DAY = timedelta(days=1)
CLOCKS_BACK = date(2025, 11, 2)  # 25 hours long in America/Los_Angeles
ISO = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)")


@pytest.fixture(
    scope="module", params=[n for n, s in sources().items() if s.SPEC.hosts]
)
def place(
    request: pytest.FixtureRequest,
    unit_world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Nights]:
    name = request.param
    with nights(sources()[name], unit_world, tmp_path_factory.mktemp(name)) as made:
        yield made


@pytest.fixture(scope="module")
def last(unit_world: World) -> date:
    return unit_world.view().as_of


def day_of(row: Any) -> date | None:
    """The first date in a row; of parts, where a platform takes dates apart."""
    parts = {path[-1]: value for path, value in leaves(row)}
    if {"year", "month", "day"} <= parts.keys():
        return date(parts["year"], parts["month"], parts["day"])
    for _, value in leaves(row):
        found = ISO.match(value) if isinstance(value, str) else None
        if found and len(value) in (8, 10, 19):
            return date(*(int(part) for part in found.groups()))
    return None


def rewritten(
    place: Nights, days: Window, change: Callable[[Any], Any | None]
) -> Strike:
    """Rows of some days, changed; None takes one away."""
    shape = getattr(place.made, "SHAPE", Shape())

    def strike(request: Request, reply: Reply) -> Reply:
        rows = rows_of(reply.body, shape)
        if not rows:
            return reply
        told = [
            change(row) if (day := day_of(row)) is not None and day in days else row
            for row in rows
        ]
        return with_rows(reply, [row for row in told if row is not None], shape)

    return strike


def luck(row: Any) -> int:
    return zlib.crc32(repr(row).encode()) % 10


def without_some(row: Any) -> Any | None:
    return None if luck(row) == 5 else row


def restated(row: Any) -> Any | None:
    """One row in ten is gone, three say one more."""
    if luck(row) == 0:
        return None
    if luck(row) > 3:
        return row
    for path, value in leaves(row):
        if path and is_whole(path, value):
            more = int(float(value)) + 1
            return with_leaf(row, path, str(more) if isinstance(value, str) else more)
    return row


def window(place: Nights, as_of: date) -> Window:
    """What the night of `as_of` reads again."""
    spec = place.source.SPEC
    return nightly(spec, as_of, as_of - spec.lag_days * DAY - DAY)


def test_rows_restated_removed_and_added_end_as_a_fresh_load(
    place: Nights, last: date, tally: Counter[str]
) -> None:
    tally["tried"] += 1
    days = window(place, last)
    before = rewritten(place, days, without_some)  # these come back a day later
    after = rewritten(place, days, restated)
    place.load("restated", last - DAY, strike=before)
    place.load("restated", last, strike=after)
    place.load("fresh", last, strike=after)
    assert place.same("restated", "fresh") == ""
    tally["equal"] += 1


def test_day_that_is_empty_now_is_emptied(
    place: Nights, last: date, tally: Counter[str]
) -> None:
    tally["tried"] += 1
    days = window(place, last)
    day = max(days.start, days.last - 2 * DAY)
    emptied = rewritten(place, Window(day, day + DAY), lambda row: None)
    place.load("emptied", last - DAY)
    place.load("emptied", last, strike=emptied)
    place.load("fresh emptied", last, strike=emptied)
    assert place.same("emptied", "fresh emptied") == ""
    tally["equal"] += 1


def test_day_of_25_hours_is_there_once(place: Nights, tally: Counter[str]) -> None:
    tally["tried"] += 1
    lag = place.source.SPEC.lag_days * DAY
    for later in (0, 1, 2, 5):
        place.load("clocks", CLOCKS_BACK + lag + later * DAY)
    place.load("fresh clocks", CLOCKS_BACK + lag + 5 * DAY)
    assert place.same("clocks", "fresh clocks") == ""
    tally["equal"] += 1


def test_stand_in_leaves_the_tables_that_dlt_leaves(place: Nights, last: date) -> None:
    folder = place.root / "dlt"
    for as_of in (last - DAY, last):
        place.load("stand-in", as_of)
        settings = Settings(
            data_dir=folder, scenario="unit", sandbox_url=place.sandbox.url
        )
        done = ingest(place.source, settings, as_of=as_of, patience=QUICK)
        assert done.reason is None
    ours = read_tables(place.source, folder / "playhead.duckdb")
    assert ours == place.tables("stand-in")
