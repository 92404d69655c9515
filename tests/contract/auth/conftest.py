"""Somebody at a desk with an account on every platform; the sandbox plays them all."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from ingestion.sandbox.company import routes
from ingestion.sandbox.server import Sandbox, serving
from ingestion.world import World
from orchestration.cli import auth
from tests.support.desk import Desk, without_ours

TOKENS = "data/credentials/tokens.json"


@dataclass(slots=True)
class Person:
    """Opens the page that is shown, as a browser would; may meddle with its address."""

    meddle: Callable[[str], str] = lambda url: url
    opened: list[str] = field(default_factory=list)
    read: list[requests.Response] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def open(self, url: str) -> bool:
        self.opened.append(url)
        thread = threading.Thread(target=self._browse, args=(self.meddle(url),))
        self._threads.append(thread)
        thread.start()
        return True

    def _browse(self, url: str) -> None:
        self.read.append(requests.get(url, timeout=10))

    def sees(self) -> requests.Response:
        """The page on which the walk ended."""
        for thread in self._threads:
            thread.join()
        return self.read[-1]


@pytest.fixture(scope="session")
def platforms(unit_world: World) -> Iterator[Sandbox]:
    with serving(routes(unit_world.view())) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(platforms: Sandbox) -> Iterator[Sandbox]:
    """The authorisation servers as on the first day, nothing ordered."""
    fresh = type(platforms.authorisation)()
    told = platforms.authorisation
    for name in ("now", "declines", "ended", "issued", "public_keys", "_codes"):
        setattr(told, name, getattr(fresh, name))
    platforms.faults.orders.clear()
    yield platforms
    platforms.faults.orders.clear()


@pytest.fixture
def desk(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    without_ours(monkeypatch)
    monkeypatch.chdir(tmp_path)
    made = Desk(tmp_path, sandbox.url, capsys)
    made.set()
    return made


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    made = Person()
    monkeypatch.setattr(auth.webbrowser, "open", made.open)
    return made
