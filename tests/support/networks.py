"""What tests of the unpaid networks share: a company with two posts on each, and its nights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from ingestion.ingest import Outcome, ingest
from ingestion.sandbox.http import Route
from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.sandbox.server import serving
from ingestion.source import SourceModule
from ingestion.windows import Window
from ingestion.world import World, build
from ingestion.world.view import View
from tests.contract.conftest import HASTY
from warehouse.settings import Settings


@cache
def world() -> World:
    """Sixty days, forty videos: eight posts, two on each network."""
    return build(replace(SCENARIOS["unit"], videos=40, persons=300))


@cache
def view(days_ago: int = 0) -> View:
    """The company on its opening day, or some days before."""
    return world().view(world().view().as_of - timedelta(days=days_ago))


def posts(network: str, days_ago: int = 0) -> dict[str, int]:
    """Id of each post on a network -> its row in the delivery."""
    placements = view(days_ago).placements
    rows = np.flatnonzero(placements["social_platform"] == network).tolist()
    return {placements["social_object_id"][row]: row for row in rows}


def delivered(row: int, measure: str, last: int) -> int:
    """The company's own total of a post up to a day, before any network counted it."""
    return int(view().delivery[measure][row, : last + 1].sum())


@dataclass(frozen=True, slots=True)
class Nights:
    """One source loaded into one folder, night after night."""

    source: SourceModule
    routes: Callable[[View], Sequence[Route]]
    folder: Path

    def load(self, days_ago: int, window: Window | None = None, **told: str) -> Outcome:
        seen = view(days_ago)
        with serving(self.routes(seen)) as sandbox:
            spec = self.source.SPEC
            settings = Settings(
                data_dir=self.folder,
                sandbox_url=sandbox.url,
                credentials={spec.variable(name): told[name] for name in told},
            )
            return ingest(
                self.source, settings, as_of=seen.as_of, window=window, patience=HASTY
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        path = str(self.folder / "playhead.duckdb")
        with duckdb.connect(path, read_only=True) as con:
            return con.sql(sql).fetchall()


def day(days_ago: int, lag: int) -> date:
    """The day to whose end counters count that were read so many days ago."""
    return view(days_ago).as_of - timedelta(days=lag)
