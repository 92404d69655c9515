"""One stand per source, and the tally of all nights at the end of the run."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion.registry import sources
from ingestion.world import World
from tests.support.stand import Stand, stand

TALLY = "faults"


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Counter[str]]:
    """End of a night -> how often; told to the process that prints it."""
    told: Counter[str] = Counter()
    yield told
    record_property(TALLY, dict(told))


@pytest.fixture(
    scope="module", params=[n for n, s in sources().items() if s.SPEC.hosts]
)
def place(
    request: pytest.FixtureRequest,
    unit_world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stand]:
    """Every source that is asked over HTTP, whoever adds it."""
    name = request.param
    with stand(sources()[name], unit_world, tmp_path_factory.mktemp(name)) as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told: Counter[str] = Counter()
    for report in terminalreporter.stats.get("", ()):  # the ends of tests
        if report.when == "teardown":
            told.update(dict(report.user_properties).get(TALLY, {}))
    tried = told["tried"]
    if tried:
        ends = {end: n for end, n in sorted(told.items()) if end != "tried"}
        parts = ", ".join(f"{n} {end}" for end, n in ends.items())
        terminalreporter.write_line(
            f"faults: {sum(ends.values())} survived / {tried} tried ({parts})"
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-faults", action="store_true", help="the whole matrix, as .ci/faults does"
    )


# What `make test` keeps: one night of each kind. .ci/faults runs them all.
SUBSET = (
    "429 with a hint of hours",
    "slow trickle for good",
    "error body with status 200 for good",
    "token expires in mid-paging",
    "a page twice",
    "a changed type",
    "test_rows_restated_removed_and_added_end_as_a_fresh_load",
    "truncated",
    "vanished",
)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--all-faults", default=False):
        return
    kept, left = [], []
    for item in items:
        here = Path(item.fspath).parent == Path(__file__).parent
        name = item.name.replace("]", "").split("[")
        words = {name[0], *name[-1].split("-", 1)}
        (kept if not here or words & {*SUBSET} else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)
