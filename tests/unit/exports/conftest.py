"""A folder of export files, written by the test."""

from pathlib import Path

import pytest

from tests.support.export_folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "exports")
    made.path.mkdir()
    return made
