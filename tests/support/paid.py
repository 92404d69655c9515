"""What the tests of all ad platforms ask: rows of a table, nights against a fresh load."""

from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np

from ingestion.ingest import ingest
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import View, World
from warehouse.layout import raw
from warehouse.settings import Settings


def rows(
    source: ModuleType, api: Api, table: str, view: View, window: Window | None = None
) -> list[Row]:
    """What `table` holds for the window, else for every day of the view."""
    days = window or Window.inclusive(view.start, view.as_of)
    ask = Ask(source.accounts(api), days, view.as_of)
    return [row for each in source.read(api, ask)[table] for row in each.rows]


def delivered(view: View, channel: str, measure: str, days: slice) -> int:
    """The world's own total of a channel."""
    mine = np.flatnonzero(view.placements["channel"] == channel)
    return int(view.delivery[measure][mine, days].sum())


def claimed(view: View, channel: str, window: str, days: slice) -> int:
    mine = np.flatnonzero(view.placements["channel"] == channel)
    return int(view.claims[window][mine, days].sum())


def loaded(
    source: ModuleType,
    fake: ModuleType,
    world: World,
    folder: Path,
    nights: list[tuple[date, Window]],
    since: date,
) -> dict[str, list[Any]]:
    """The days `since` of every daily table after these nights, without load ids."""
    for as_of, window in nights:
        with serving(fake.routes(world.view(as_of))) as sandbox:
            settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
            outcome = ingest(source, settings, as_of=as_of, window=window)
            assert outcome.status == "fresh", outcome.reason
    path = str(folder / "playhead.duckdb")
    with duckdb.connect(path, read_only=True) as con:
        return {
            table.name: con.sql(
                f"select * exclude (_dlt_load_id) from {raw(source.SPEC.name)}."
                f"{table.name} where {table.window_column} >= '{since}' order by all"
            ).fetchall()
            for table in source.SPEC.tables
            if table.is_window
        }


def nights_equal_a_fresh_load(
    source: ModuleType, fake: ModuleType, world: World, folder: Path
) -> None:
    """A month, then a night that re-reads what is restated: as if loaded at once."""
    last = world.view().as_of
    before = last - timedelta(days=5)
    month = Window.inclusive(last - timedelta(days=35), last)
    first = (before, Window.inclusive(month.start, before))
    lookback = source.SPEC.lookback_days
    again = (last, Window.inclusive(last - timedelta(days=lookback), last))
    found = [
        loaded(source, fake, world, folder / name, nights, month.start)
        for name, nights in (("nights", [first, again]), ("fresh", [(last, month)]))
    ]
    assert found[0] == found[1]
    assert sum(len(table) for table in found[1].values()) > 50
