"""What the verbs share: options, exit codes, and errors as one line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ingestion.errors import FileError, SourceError, source_error
from ingestion.sandbox.company import SandboxEnded
from warehouse import db, home
from warehouse.publish import PublishBusy, PublishError
from warehouse.settings import Settings

EXIT_NOT_PUBLISHED = 1
EXIT_USAGE = 2
EXIT_STALE = 3
EXIT_BUSY = 75

_Command = Callable[..., Any]


def data_dir_option(function: _Command) -> _Command:
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where everything is written. Default: PLAYHEAD_DATA_DIR or ./data",
    )(function)


def explained(error: BaseException) -> tuple[str, int] | None:
    """The line and exit code of an error we know; None for a bug."""
    if isinstance(error, home.RunBusy | PublishBusy):
        return str(error), EXIT_BUSY
    if isinstance(error, home.HomeError | SandboxEnded):
        return str(error), EXIT_USAGE
    if isinstance(error, db.WarehouseLocked):
        return str(error), EXIT_BUSY
    if isinstance(error, FileError):
        return str(error), EXIT_USAGE
    if isinstance(error, db.WarehouseError | PublishError | FileNotFoundError):
        return str(error), EXIT_NOT_PUBLISHED
    if isinstance(error, SourceError) or source_error(error) is not None:
        return str(source_error(error)), EXIT_NOT_PUBLISHED
    return None


def load(data_dir: Path | None, **more: Any) -> Settings:
    """Settings, with a wrong environment value told as a usage error."""
    try:
        return Settings.load(data_dir=data_dir, **more)
    except ValueError as error:
        raise click.UsageError(f"a PLAYHEAD_ variable is wrong: {error}") from error
