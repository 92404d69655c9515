"""The published folder: where things lie, who may change them, what is swept and
pruned.

    manifest.json   current.duckdb   snap-<g>.duckdb   snap-<g>.json
    parquet/<g>/<table>.parquet      report/<g>.html   hold.json   .publish.lock

Only the holder of the lock changes anything. Not here: making a generation
(snapshot.py), choosing which one is current (swap.py).
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.publish.errors import PublishBusy, SnapshotCorrupt
from warehouse.publish.files import TEMPORARY, At, sync, unobserved
from warehouse.publish.manifest import MANIFEST, Generation, Hold, Manifest, read

KEEP = 3
INDEX = "index.html"
_SNAPSHOT = re.compile(r"snap-(\d+)\.(duckdb|json)")
_PARQUET = re.compile(r"(\d+)")
_REPORT = re.compile(r"(\d+)\.html")


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths and housekeeping of one published folder."""

    path: Path

    @property
    def manifest_path(self) -> Path:
        return self.path / MANIFEST

    @property
    def current_path(self) -> Path:
        return self.path / "current.duckdb"

    @property
    def hold_path(self) -> Path:
        return self.path / "hold.json"

    def database(self, generation: int) -> Path:
        return self.path / f"snap-{generation}.duckdb"

    def description(self, generation: int) -> Path:
        return self.path / f"snap-{generation}.json"

    def parquet(self, generation: int) -> Path:
        return self.path / "parquet" / str(generation)

    def report(self, generation: int) -> Path:
        return self.path / "report" / f"{generation}.html"

    def manifest(self) -> Manifest | None:
        """The manifest, or None where there is none that parses (recovery mends it)."""
        try:
            return read(Manifest, self.manifest_path)
        except (FileNotFoundError, SnapshotCorrupt):
            return None

    def described(self, generation: int) -> Generation | None:
        """The same for one generation's own description."""
        try:
            return read(Generation, self.description(generation))
        except (FileNotFoundError, SnapshotCorrupt):
            return None

    def hold(self) -> Hold | None:
        """The hold, or None. A damaged one raises: it may not be lost in silence."""
        try:
            return read(Hold, self.hold_path)
        except FileNotFoundError:
            return None

    def kept(self) -> list[int]:
        """Generations whose database and description both exist, oldest first."""
        numbers = {number for number, _ in _numbered(self.path, _SNAPSHOT)}
        return sorted(n for n in numbers if self._is_complete(n))

    def highest(self) -> int:
        """The highest number ever used, as far as the folder tells."""
        manifest = self.manifest()
        seen = [number for number, _ in _numbered(self.path, _SNAPSHOT)]
        return max([*seen, manifest.newest if manifest else 0], default=0)

    def live(self) -> int | None:
        """The generation whose database is the very file `current.duckdb`."""
        if not self.current_path.exists():
            return None
        for number in reversed(self.kept()):
            if self.database(number).samefile(self.current_path):
                return number
        return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder. The kernel frees it when the holder dies: no stale lock.

        Raises: PublishBusy with the holder's process id.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path / ".publish.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                pid, since = _holder(os.pread(handle, 80, 0))
                raise PublishBusy(self.path, pid=pid, since=since) from error
            os.ftruncate(handle, 0)
            since = datetime.now(UTC).isoformat(timespec="seconds")
            os.pwrite(handle, f"{os.getpid()} {since}".encode(), 0)
            yield
        finally:
            os.close(handle)

    def sweep(self, report_dir: Path | None = None) -> None:
        """Delete what a killed publish left. Only under the lock, after recovery.

        A whole generation above the highest that was ever current was killed before the
        swap and goes too; without a manifest nobody can tell, and it stays.
        """
        manifest, live = self.manifest(), self.live()
        parquet, report = self.path / "parquet", self.path / "report"
        for place in (self.path, parquet, report, report_dir or self.path):
            for left in place.glob(f"{TEMPORARY}*"):
                _remove(left)
        for number, path in _numbered(self.path, _SNAPSHOT):
            if number == live or (manifest and number == manifest.generation):
                continue
            never_current = manifest is not None and number > manifest.newest
            if never_current or not self._is_complete(number):
                _remove(path)
        for number, path in _numbered(parquet, _PARQUET) + _numbered(report, _REPORT):
            if not self.database(number).exists():
                _remove(path)

    def prune(self, keep: int, *, at: At = unobserved) -> tuple[int, ...]:
        """Forget all but `keep` generations; the current and the one before it stay.

        The description goes first, so that a kill leaves no candidate for a rollback
        that misses its files. A reader that holds a pruned database goes on.
        """
        manifest = self.manifest()
        staying = {manifest.generation, manifest.previous} if manifest else set()
        kept = self.kept()
        staying &= set(kept)
        for number in reversed(kept):
            if len(staying) < keep:
                staying.add(number)
        gone = tuple(number for number in kept if number not in staying)
        for number in gone:
            self.description(number).unlink()
            at("forgotten")
            self.database(number).unlink()
            at("dropped")
            _remove(self.parquet(number))
            _remove(self.report(number))
        if gone:
            sync(self.path)
        return gone

    def _is_complete(self, generation: int) -> bool:
        both = (self.database(generation), self.description(generation))
        return all(path.exists() for path in both)


def _numbered(place: Path, pattern: re.Pattern[str]) -> list[tuple[int, Path]]:
    if not place.is_dir():
        return []
    matched = ((pattern.fullmatch(path.name), path) for path in place.iterdir())
    return sorted((int(match[1]), path) for match, path in matched if match)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _holder(text: bytes) -> tuple[int | None, str | None]:
    pid, _, since = text.decode(errors="replace").partition(" ")
    return (int(pid), since) if pid.isdigit() else (None, None)
