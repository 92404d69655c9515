"""The states of one data folder that end-to-end tests begin with, each made once.

first    the first night, by the real command in a process of its own
second   the night after it, lived through with --advance 1, undisturbed

What needs nothing of this process runs beside it from the start; its tests come last.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from orchestration.runner import RunOutcome
from tests.support.beside import (
    Evening,
    Killed,
    Point,
    Shown,
    evening,
    killed,
    shown,
)
from tests.support.house import SCENARIO, FirstNight, House, house, playhead

BESIDE = ("test_accounts.py", "test_dev.py", "test_kills.py")
KILLS = (
    # some sources are of the new day, some of the old
    Point("ingest", "meta_ads", advance=1),
    # credits and beliefs are of the new day, some marts too; and politely
    Point("model", "mart_objective_scorecard", by="SIGTERM"),
    Point(),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name in BESIDE)


@pytest.fixture(scope="session")
def house_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="session")
def first_is_saved() -> Event:
    return Event()


@pytest.fixture(scope="session", autouse=True)
def beside(
    request: pytest.FixtureRequest, house_root: Path, first_is_saved: Event
) -> Iterator[dict[str, Future[object]]]:
    """One after the other, the nights of those test files that were collected."""

    def kill() -> Killed:
        assert first_is_saved.wait(300), "there was no first night to begin with"
        begin = house_root / "saved" / "first"
        return killed(begin, house_root / "killed", KILLS)

    work = {
        "test_accounts.py": lambda: evening(house_root / "desk"),
        "test_dev.py": lambda: shown(house_root / "ui"),
        "test_kills.py": kill,
    }
    wanted = {item.path.name for item in request.session.items}
    with ThreadPoolExecutor(1) as pool:
        yield {name: pool.submit(work[name]) for name in BESIDE if name in wanted}
        first_is_saved.set()


@pytest.fixture(scope="session")
def first_evening(beside: dict[str, Future[Evening]]) -> Future[Evening]:
    return beside["test_accounts.py"]


@pytest.fixture(scope="session")
def shown_ui(beside: dict[str, Future[Shown]]) -> Future[Shown]:
    return beside["test_dev.py"]


@pytest.fixture(scope="session")
def killed_nights(beside: dict[str, Future[Killed]]) -> Future[Killed]:
    return beside["test_kills.py"]


@pytest.fixture(scope="session")
def first_night(house_root: Path) -> FirstNight:
    path = house_root / "first.json"
    done = playhead(
        *("run", "--scenario", SCENARIO, "--json", path),
        *("--data-dir", house_root / "data"),
        cwd=house_root,
    )
    return FirstNight(done, json.loads(path.read_text()))


@pytest.fixture(scope="session")
def lived_in(
    house_root: Path, first_night: FirstNight, first_is_saved: Event
) -> Iterator[House]:
    assert first_night.done.returncode == 0, first_night.done.stderr
    with house(house_root) as made:
        made.save("first")
        first_is_saved.set()
        yield made


@pytest.fixture(scope="session")
def second_night(lived_in: House) -> RunOutcome:
    lived_in.back_to("first")
    outcome = lived_in.run(advance_days=1)
    assert outcome.exit_code == 0, outcome.error
    lived_in.save("second")
    return outcome


@pytest.fixture
def first(lived_in: House) -> House:
    """The folder after its first night."""
    lived_in.back_to("first")
    return lived_in


@pytest.fixture
def second(lived_in: House, second_night: RunOutcome) -> House:
    """The folder after its second night."""
    lived_in.back_to("second")
    return lived_in
