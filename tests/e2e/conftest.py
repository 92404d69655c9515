"""The states of one data folder that end-to-end tests begin with, each made once.

first    the first night, by the real command in a process of its own
second   the night after it, lived through with --advance 1, undisturbed
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.runner import RunOutcome
from tests.support.house import SCENARIO, House, house, playhead


@dataclass(frozen=True, slots=True)
class FirstNight:
    """What the command said and wrote."""

    done: subprocess.CompletedProcess[str]
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def house_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


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
def lived_in(house_root: Path, first_night: FirstNight) -> Iterator[House]:
    assert first_night.done.returncode == 0, first_night.done.stderr
    with house(house_root) as made:
        made.save("first")
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
