"""Fixtures of all tests."""

import os
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

# Before numpy is imported: several processes of several threads each wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world import World, build
from ingestion.world.view import View

# Started in the background, a shell lets its children ignore Ctrl-C, and theirs in turn.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The platforms' own clients have an environment of their own: `make clients`.
collect_ignore = [] if find_spec("google.ads") else ["clients"]


# Each of these has something costly that is made once for the folder.
TOGETHER = (
    "e2e",
    "stories",
    "contract/auth",
    "unit/publish",
    "unit/report",
    "unit/world",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Tests of a file stay in one process, and so do those of some folders.

    By their address: marks of groups are lost on the way where pytest is newer than xdist.
    """
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0].removeprefix("tests/")
            return next((each for each in TOGETHER if path.startswith(each)), path)

    return Together(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real exports and public data beside the checkout; CI must have them."""
    folder = Path(__file__).parents[1] / ".." / "shared"
    if not folder.is_dir():
        reason = f"{folder} is missing: real exports lie beside the checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def unit_world() -> World:
    """Sixty days of 2,000 persons, built once per session."""
    return build(SCENARIOS["unit"])


@pytest.fixture(scope="session")
def unit_view(unit_world: World) -> View:
    """The unit world as known on its opening day."""
    return unit_world.view()
