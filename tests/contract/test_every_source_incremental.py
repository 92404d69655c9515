"""Nights and backfills of every source end in the tables of one fresh load."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from ingestion.registry import sources
from ingestion.windows import Window
from ingestion.world import World
from tests.support.nights import Nights, nights

DAY = timedelta(days=1)


@pytest.fixture(scope="module", params=sources())
def place(
    request: pytest.FixtureRequest,
    unit_world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Nights]:
    name = request.param
    with nights(sources()[name], unit_world, tmp_path_factory.mktemp(name)) as made:
        yield made


@pytest.fixture(scope="module")
def thirtieth(unit_world: World) -> date:
    return unit_world.view().start + 29 * DAY


def test_day_31_after_30_nights_equals_a_fresh_load_of_31_days(
    place: Nights, thirtieth: date
) -> None:
    # the second load reads the source's own lookback again, restated meanwhile
    place.load("nightly", thirtieth)
    place.load("nightly", thirtieth + DAY)
    place.load("fresh", thirtieth + DAY)
    assert place.same("nightly", "fresh") == ""
    assert sum(rows.total() for rows in place.tables("fresh").values()) > 0


def test_week_of_nights_without_one_equals_a_fresh_load(
    place: Nights, thirtieth: date
) -> None:
    for night in (1, 2, 3, 7):  # three nights nobody ran it
        place.load("week", thirtieth + night * DAY)
    place.load("fresh week", thirtieth + 7 * DAY)
    assert place.same("week", "fresh week") == ""


@pytest.mark.parametrize("seed", [1, 2])
def test_backfill_in_any_order_gives_the_same_tables(
    place: Nights, thirtieth: date, seed: int
) -> None:
    as_of = thirtieth + 8 * DAY
    spec = place.source.SPEC
    end = as_of - spec.lag_days * DAY + DAY
    whole = Window(end - 36 * DAY, end)
    place.load(f"whole {seed}", as_of, whole)
    order = random.Random(seed)
    pieces = list(whole.split(order.choice([7, 11, 13])))
    pieces.append(order.choice(pieces))  # one is asked for twice
    order.shuffle(pieces)
    if all(table.is_list for table in spec.tables):
        pieces = pieces[:2]  # each reads everything
    for piece in pieces:
        place.load(f"pieces {seed}", as_of, piece)
    assert place.same(f"pieces {seed}", f"whole {seed}") == ""
