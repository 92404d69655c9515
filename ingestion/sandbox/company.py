"""The simulated company behind the fakes: built once, looked at on a given day."""

import importlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ingestion.registry import sources
from ingestion.sandbox.http import Route
from ingestion.sandbox.keeping import kept
from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world.view import View


class SandboxEnded(Exception):
    """The sandbox has no further day prepared."""


class Company:
    """A scenario and a seed, kept in `folder`; `view(day)` hides what comes later."""

    def __init__(self, scenario: str, seed: int, folder: Path) -> None:
        if scenario not in SCENARIOS:
            known = ", ".join(sorted(SCENARIOS))
            raise ValueError(f"no scenario {scenario!r}: choose one of {known}")
        self._settings = replace(SCENARIOS[scenario], seed=seed)
        self._world = kept(self._settings, folder)

    @property
    def first_as_of(self) -> date:
        return self._settings.opening_date

    @property
    def last_as_of(self) -> date:
        days = self._settings.days + self._settings.hidden_days - 1
        return self._settings.start + timedelta(days=days)

    def view(self, as_of: date) -> View:
        """Raises: SandboxEnded past the last prepared day."""
        if as_of > self.last_as_of:
            raise SandboxEnded(
                f"the sandbox ends on {self.last_as_of}: {as_of} is not prepared. "
                "Start again in another folder with --data-dir"
            )
        return self._world.view(as_of)


def routes(view: View) -> Sequence[Route]:
    """The routes of every source that is asked over HTTP."""
    return [
        route
        for name in sources()
        for route in getattr(fake(name), "routes", lambda _: ())(view)
    ]


def write_files(view: View, folder: Path) -> None:
    """The files of every source that is read from files, below `folder`."""
    for name in sources():
        write = getattr(fake(name), "write_files", None)
        if write is not None:
            write(view, folder / FOLDERS.get(name, name))


FOLDERS = {"site_events": "events"}


def fake(name: str) -> object:
    return importlib.import_module(f"ingestion.sources.{name}.fake")
