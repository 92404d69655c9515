"""Fixtures of all tests."""

import os
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world import World, build
from ingestion.world.view import View

# Started in the background, a shell lets its children ignore Ctrl-C, and theirs in turn.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The platforms' own clients have an environment of their own: `make clients`.
collect_ignore = [] if find_spec("google.ads") else ["clients"]


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
