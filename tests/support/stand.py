"""A source beside its fake, two nights long, so that the second can be disturbed.

Recorded once undisturbed; every fault is played into the recording. Not here: the faults
(strikes.py), what they must end in (tests/faults).
"""

import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import duckdb

import ingestion.ingest
from ingestion.ingest import Outcome
from ingestion.sandbox.company import FOLDERS, fake
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.server import Sandbox, serving
from ingestion.sandbox.tape import Shape, Tape
from ingestion.source import SourceModule
from ingestion.transport import Patience
from ingestion.windows import DAY, Window
from ingestion.world import World
from tests.support import shelf
from warehouse.settings import Settings

PAGE = 20  # rows: enough pages in a small world
PAGE_SIZE = re.compile(
    r".*(PER_(PAGE|CALL)|PAGE_SIZE|(LIST|HISTORY|BATCH|SEARCH)_LIMIT)"
)
FOREVER = 10**9
Strike = Callable[[Request, Reply], Reply | None]
Tables = Mapping[str, Counter[tuple[Any, ...]]]
QUICK = Patience(timeout=5.0, attempts=3, sleep=lambda seconds: None)


@dataclass(slots=True)
class Stand:
    """`night` loads the second night, disturbed or not, over the saved first one."""

    source: SourceModule
    root: Path
    day: date
    sandbox: Sandbox
    tape: Tape
    before: Tables = field(default_factory=dict)
    after: Tables = field(default_factory=dict)
    calls: int = 0
    routes: Sequence[Route] = ()

    @property
    def name(self) -> str:
        return self.source.SPEC.name

    @property
    def settings(self) -> Settings:
        return Settings(
            data_dir=self.root / "data", scenario="unit", sandbox_url=self.sandbox.url
        )

    def back(self) -> None:
        """The folder as the first night left it."""
        shutil.rmtree(self.root / "data", ignore_errors=True)
        shutil.copytree(self.root / "saved", self.root / "data")

    def night(
        self,
        strike: Strike | None = None,
        *,
        patience: Patience = QUICK,
        settings: Settings | None = None,
        as_of: date | None = None,
        window: Window | None = None,
    ) -> Outcome:
        """One load; the sandbox answers as `strike` wants it."""
        self.calls = 0
        self.sandbox.faults.orders.clear()
        if strike is not None:
            self.sandbox.faults.add(Fault("", self._counted(strike), times=FOREVER))
        with patch.object(ingestion.ingest, "load", shelf.load):
            return ingestion.ingest.ingest(
                self.source,
                settings or self.settings,
                as_of=as_of or self.day,
                window=window,
                patience=patience,
            )

    @property
    def window(self) -> Window:
        """The days that the second night read."""
        spec = self.source.SPEC
        end = self.day - spec.lag_days * DAY
        return Window(end - spec.lookback, end + DAY)

    def _counted(self, strike: Strike) -> Strike:
        """A load that never ends is a failure of its own."""
        most = 20 * max(100, len(self.tape.asked))

        def counted(request: Request, reply: Reply) -> Reply | None:
            self.calls += 1
            if self.calls > most:
                return Reply({"error": {"code": 403, "message": "endless"}}, 403)
            return strike(request, reply)

        return counted

    def tables(self, folder: Path | None = None) -> Tables:
        """Every raw table without the ids of its loads, as a bag of rows."""
        path = (folder or self.root / "data") / "playhead.duckdb"
        return read_tables(self.source, path)

    def one(self, sql: str) -> list[tuple[Any, ...]]:
        path = str(self.root / "data" / "playhead.duckdb")
        with duckdb.connect(path, read_only=True) as con:
            return con.execute(sql).fetchall()

    def is_data(self, request: Request) -> bool:
        """Whether it is no question for a token."""
        consent = self.source.SPEC.consent
        if consent is None:
            return True
        urls = (consent.token_url, consent.refresh_url or consent.token_url)
        return request.path not in {urlsplit(url).path for url in urls}


def read_tables(source: SourceModule, path: Path) -> Tables:
    found: dict[str, Counter[tuple[Any, ...]]] = {}
    with duckdb.connect(str(path), read_only=True) as con:
        for table in source.SPEC.tables:
            columns = ", ".join(f'"{name}"' for name in table.columns)
            rows = con.execute(
                f"select {columns} from raw_{source.SPEC.name}.{table.name}"
            ).fetchall()
            found[table.name] = Counter(rows)
    return found


@contextmanager
def small_pages(source: SourceModule) -> Iterator[None]:
    """The source's own page sizes, made small, in every module of it but its fake's."""
    package = source.__name__
    modules = [
        module
        for name, module in sys.modules.items()
        if name.startswith(package)
        and isinstance(module, ModuleType)
        and not re.search(r"\.(fake|portal)", name)
    ]
    patches = [
        patch.object(module, name, PAGE)
        for module in modules
        for name, value in vars(module).items()
        if PAGE_SIZE.fullmatch(name) and isinstance(value, int) and value > PAGE
    ]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


@contextmanager
def stand(source: SourceModule, world: World, root: Path) -> Iterator[Stand]:
    """Both nights loaded undisturbed, the second one on tape."""
    day = world.view().as_of
    made = fake(source.SPEC.name)
    shape = getattr(made, "SHAPE", Shape())
    tape = Tape(shape)
    folder = root / "data"
    with small_pages(source), serving([]) as sandbox:
        place = Stand(source, root, day, sandbox, tape)
        for each in (day - DAY, day):
            view = world.view(each)
            routes = made.routes(view) if hasattr(made, "routes") else []
            place.routes = routes
            tape.answers.clear()
            tape.asked.clear()
            sandbox.answer_with(tape.routes(routes))
            if hasattr(made, "write_files"):
                name = source.SPEC.name
                made.write_files(view, folder / "sandbox" / FOLDERS.get(name, name))
            if each == day:
                shutil.copytree(folder, root / "saved")
            outcome = place.night(as_of=each)
            assert outcome.status == "fresh", outcome.reason
            place.before, place.after = place.after, place.tables()
        # what faulty nights ask beyond this is not part of the recording
        place.tape = replace(tape, asked=list(tape.asked), answers=dict(tape.answers))
        yield place
