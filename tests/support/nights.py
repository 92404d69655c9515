"""Nights of one source in several data folders, against the world as of any day.

Not here: recorded answers and page faults (stand.py).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ingestion.ingest
from ingestion.records import Outcome
from ingestion.sandbox.company import FOLDERS, fake
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.server import Sandbox, serving
from ingestion.source import SourceModule
from ingestion.windows import Window
from ingestion.world import World
from tests.support import shelf
from tests.support.stand import FOREVER, QUICK, Strike, Tables, read_tables
from warehouse.settings import Settings


@dataclass(slots=True)
class Nights:
    """`load` is one night in a folder; folders of one root share the source's files."""

    source: SourceModule
    world: World
    root: Path
    sandbox: Sandbox
    made: Any
    day: date | None = None

    def load(
        self,
        folder: str,
        as_of: date,
        window: Window | None = None,
        strike: Strike | None = None,
    ) -> Outcome:
        """Raises: AssertionError when the source is not fresh afterwards."""
        if self.day != as_of:
            self._dawn(as_of)
        self.sandbox.faults.orders.clear()
        if strike is not None:
            self.sandbox.faults.add(Fault("", strike, times=FOREVER))
        data = self.root / folder
        shutil.rmtree(data / "sandbox", ignore_errors=True)
        if self.files.exists():
            shutil.copytree(self.files, data / "sandbox")
        settings = Settings(
            data_dir=data, scenario="unit", sandbox_url=self.sandbox.url
        )
        with patch.object(ingestion.ingest, "load", shelf.load):
            outcome = ingestion.ingest.ingest(
                self.source, settings, as_of=as_of, window=window, patience=QUICK
            )
        assert outcome.reason is None, outcome.reason
        return outcome

    @property
    def files(self) -> Path:
        return self.root / "files"

    def _dawn(self, as_of: date) -> None:
        """The platform as of another day."""
        view = self.world.view(as_of)
        name = self.source.SPEC.name
        if hasattr(self.made, "routes"):
            self.sandbox.answer_with(self.made.routes(view))
        if hasattr(self.made, "write_files"):
            self.made.write_files(view, self.files / FOLDERS.get(name, name))
        self.day = as_of

    def tables(self, folder: str) -> Tables:
        return read_tables(self.source, self.root / folder / "playhead.duckdb")

    def same(self, folder: str, fresh: str) -> str:
        """What differs from a fresh load; nothing, if all is well.

        What a platform shows as of a moment alone (keyed snapshots) a fresh load has only
        of its own day: those must all be there.
        """
        told = []
        ours, theirs = self.tables(folder), self.tables(fresh)
        for table in self.source.SPEC.tables:
            less = theirs[table.name] - ours[table.name]
            more = ours[table.name] - theirs[table.name]
            if less or (more and (table.is_list or table.is_window)):
                told.append(
                    f"{table.name}: {less.total()} missing, {more.total()} too many: "
                    f"{[*list(less)[:2], *list(more)[:2]]}"
                )
        return "\n".join(told)


@contextmanager
def nights(source: SourceModule, world: World, root: Path) -> Iterator[Nights]:
    with serving([]) as sandbox:
        yield Nights(source, world, root, sandbox, fake(source.SPEC.name))
