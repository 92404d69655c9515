"""The default scenario, run once for all stories and laws."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.runner import run
from warehouse.settings import Settings


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    outcome = run(Settings(data_dir=folder, scenario="default"))
    assert outcome.exit_code == 0, outcome.error
    return folder


@pytest.fixture(scope="session")
def con(data_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = Settings(data_dir=data_dir).warehouse_path
    with duckdb.connect(str(path), read_only=True) as opened:
        yield opened
