"""Pages that come twice, not at all or in another order: of searches and of whole lists.

On the night of the fault matrix (tests/faults) all that changed fits one page.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pytest

from ingestion.sources import hubspot
from ingestion.windows import DAY
from ingestion.world import World
from ingestion.world.view import View
from tests.support import stand as stands
from tests.support.stand import Stand, stand
from tests.support.strikes import EQUAL, HEALED, ILLS, STALE, Ill

SATURDAY = date(2025, 12, 27)
SEASON = replace(hubspot.SPEC, lookback_days=90)  # changes enough for several pages
PAGES = [ill for ill in ILLS if "page" in ill.name or "order" in ill.name]


class Until:
    """A world whose last day is this one."""

    def __init__(self, world: World, day: date) -> None:
        self._world, self._day = world, day

    def view(self, as_of: date | None = None) -> View:
        return self._world.view(as_of or self._day)


@pytest.fixture(scope="module", params=["searched", "listed"])
def place(
    request: pytest.FixtureRequest,
    unit_world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stand]:
    is_list = request.param == "listed"
    world = Until(unit_world, SATURDAY if is_list else SATURDAY - DAY)
    root = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        stack.enter_context(patch.object(hubspot, "SPEC", SEASON))
        stack.enter_context(patch.object(stands, "PAGE", 20 if is_list else 5))
        made = stack.enter_context(stand(hubspot, world, root))  # type: ignore[arg-type]
        searches = [r for r, _ in made.tape.asked if r.path.endswith("contacts/search")]
        assert is_list == (not searches) and (is_list or len(searches) >= 4)
        yield made


@pytest.mark.parametrize("ill", PAGES, ids=lambda ill: ill.name)
def test_pages_that_go_wrong_lose_nothing_in_silence(place: Stand, ill: Ill) -> None:
    place.back()
    strike = ill.strike(place)
    assert strike is not None
    outcome = place.night(strike)
    if outcome.status == STALE:
        assert place.tables() == place.before
        end = STALE
    elif place.tables() == place.after:
        end = EQUAL
    else:
        assert not any(r.path.endswith("search") for r, _ in place.tape.asked)
        place.night(window=place.window)
        assert place.tables() == place.after
        end = HEALED
    assert end in ill.ends
