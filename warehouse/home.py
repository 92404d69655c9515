"""The data folder: its recorded mode and day, and the lock of the one run in it.

Not here: what is in the folder's databases.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from warehouse.settings import Settings

RECORD = "playhead.json"


class HomeError(Exception):
    """The data folder cannot be used as asked; the message names the remedy."""


class WrongMode(HomeError):
    """The folder was made in another mode, with another scenario or seed."""


class RunBusy(HomeError):
    """Another run holds the folder."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the data folder remembers between runs, beside its databases."""

    mode: str
    scenario: str | None = None
    seed: int | None = None
    as_of: date | None = None  # sandbox only: its own calendar


def read_record(settings: Settings) -> Record | None:
    path = settings.data_dir / RECORD
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_text())
        day = raw.get("as_of")
        return Record(
            mode=raw["mode"],
            scenario=raw.get("scenario"),
            seed=raw.get("seed"),
            as_of=date.fromisoformat(day) if day else None,
        )
    except (ValueError, KeyError) as error:
        raise HomeError(
            f"{path} is damaged ({error}): delete it, the next run writes it anew"
        ) from error


def claim(settings: Settings) -> Record:
    """Check that the folder is of this mode, or make it so.

    Raises: WrongMode, whose remedy is another `--data-dir`.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    found = read_record(settings)
    asked = Record(mode=settings.mode)
    if settings.mode == "sandbox":
        asked = Record("sandbox", settings.scenario, settings.seed)
    if found is None:
        write_record(settings, asked)
        return asked
    for name in ("mode", "scenario", "seed"):
        if getattr(found, name) != getattr(asked, name):
            raise WrongMode(
                f"{settings.data_dir} holds {name} {getattr(found, name)!r}, this run "
                f"has {getattr(asked, name)!r}: they are never mixed. Choose another "
                "folder with --data-dir (or PLAYHEAD_DATA_DIR)."
            )
    return found


def write_record(settings: Settings, record: Record) -> None:
    path = settings.data_dir / RECORD
    temporary = path.with_suffix(".tmp")
    values = {**asdict(record), "as_of": record.as_of and record.as_of.isoformat()}
    temporary.write_text(json.dumps(values, indent=1) + "\n")
    temporary.replace(path)


@contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Hold the data folder for one run; the kernel frees it when the holder dies.

    Raises: RunBusy with the holder's process id.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path: Path = settings.data_dir / ".run.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode() or "unknown"
            raise RunBusy(
                f"another run (process {holder.strip()}) is working in "
                f"{settings.data_dir}: this one stopped, nothing was changed. "
                "Wait for it, or choose another folder with --data-dir."
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
