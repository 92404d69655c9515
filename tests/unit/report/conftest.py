"""Snapshots to read and the pages made of them, each written once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.report import snapshots
from warehouse.report import render


@pytest.fixture(scope="session")
def snapshot_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The snapshot of a name: ordinary, hostile, nulls, empty."""
    folder = tmp_path_factory.mktemp("snapshots")

    def made(name: str) -> Path:
        path = folder / f"{name}.duckdb"
        if not path.exists():
            rows = {} if name == "empty" else getattr(snapshots, name)()
            snapshots.write(path, rows)
        return path

    return made


@pytest.fixture(scope="session")
def page_of(snapshot_of: Callable[[str], Path]) -> Callable[[str], str]:
    """The page of a snapshot."""
    pages: dict[str, str] = {}

    def rendered(name: str) -> str:
        if name not in pages:
            pages[name] = render(snapshot_of(name), snapshots.GENERATION)
        return pages[name]

    return rendered
