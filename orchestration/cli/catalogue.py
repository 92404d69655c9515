"""The team's catalogue, as the verbs that read or extend it find it. No verb itself."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click

from orchestration.cli.common import load
from warehouse import home
from warehouse.graph import placements_file
from warehouse.settings import Mode, Settings


def catalogue_settings(data_dir: Path | None) -> Settings:
    """Settings in the mode of the data folder, whatever is set today: the catalogue that
    its runs read is meant."""
    settings = load(data_dir)
    found = home.read_record(settings)
    if found is None:
        return settings
    return replace(settings, mode=cast(Mode, found.mode))


def add_placements(folder: Path, entries: Sequence[Mapping[str, str]]) -> None:
    """Write entries below placements.csv, if the catalogue is then right as a whole.

    Raises: CatalogueInvalid with file, row and remedy; nothing was changed then.
    """
    from ingestion.sources.catalogue.files import read_folder

    path = folder / placements_file.NAME
    before = path.read_bytes() if path.exists() else b""
    try:
        content = placements_file.added(before, entries)
    except placements_file.PlacementsUnwritable as error:
        raise click.UsageError(str(error)) from error
    if content == before:
        return
    with TemporaryDirectory() as scratch:
        trial = Path(scratch) / folder.name
        trial.mkdir()
        for file in folder.glob("*.csv"):
            shutil.copy(file, trial)
        (trial / placements_file.NAME).write_bytes(content)
        read_folder(trial)
    placements_file.replace(path, content)
