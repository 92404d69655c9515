"""Back to an older generation, and the hold that keeps the night from undoing it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from warehouse.publish.errors import (
    GenerationUnknown,
    NothingPublished,
    SnapshotCorrupt,
    usable,
)
from warehouse.publish.files import At, sync, unobserved, verify, write
from warehouse.publish.folder import Folder
from warehouse.publish.manifest import Generation, Hold, Manifest, to_bytes
from warehouse.publish.swap import before, make_current, recover


@dataclass(frozen=True, slots=True)
class RollbackResult:
    """What is current now, what was before, and why."""

    generation: int
    was: int
    reason: str
    manifest_path: Path
    seconds: float


def rollback(
    published_dir: Path,
    report_dir: Path | None = None,
    *,
    reason: str,
    to: int | None = None,
    at: At = unobserved,
) -> RollbackResult:
    """Make generation `to` current again: by default the one before the current one.

    Every file of it is compared with its checksum first. A hold with the reason is
    written before the swap; publishing refuses until `release`.

    Raises: NothingPublished, GenerationUnknown, SnapshotCorrupt (nothing is changed),
    PublishBusy, FolderUnusable.
    """
    started = monotonic()
    folder = Folder(published_dir)
    with usable(published_dir), folder.locked():
        recover(folder, report_dir)
        folder.sweep(report_dir)
        manifest = folder.manifest()
        if manifest is None:
            raise NothingPublished(published_dir)
        target = _target(folder, manifest, to)
        _verify(folder, target)
        hold = Hold(
            reason=reason,
            since=datetime.now(UTC).replace(microsecond=0),
            generation=target.generation,
        )
        write(folder.hold_path, to_bytes(hold), mode=0o644)
        at("held")
        previous = _older(folder, target.generation)
        make_current(folder, target, previous=previous, report_dir=report_dir, at=at)
    return RollbackResult(
        generation=target.generation,
        was=manifest.generation,
        reason=reason,
        manifest_path=folder.manifest_path,
        seconds=monotonic() - started,
    )


def release(published_dir: Path) -> Hold | None:
    """Let publishing go on; returns the hold that stood, None if there was none.

    Raises: PublishBusy, FolderUnusable.
    """
    folder = Folder(published_dir)
    with usable(published_dir), folder.locked():
        try:
            hold = folder.hold()
        except SnapshotCorrupt:
            hold = None  # the hold goes, whatever it said
        folder.hold_path.unlink(missing_ok=True)
        sync(published_dir)
    return hold


def _target(folder: Folder, manifest: Manifest, to: int | None) -> Generation:
    wanted = to
    if wanted is None:
        kept = folder.kept()
        wanted = manifest.previous if manifest.previous in kept else None
        wanted = wanted or before(folder, manifest.generation)
    if wanted is None:
        raise NothingPublished(folder.path, "no generation is before the current one")
    described = folder.described(wanted)
    if described is None or wanted not in folder.kept():
        raise GenerationUnknown(folder.path, wanted, folder.kept())
    return described


def _verify(folder: Folder, target: Generation) -> None:
    for entry in target.files:
        try:
            verify(folder.path, entry)
        except SnapshotCorrupt as error:
            others = [n for n in folder.kept() if n != target.generation]
            names = ", ".join(map(str, others)) or "none"
            raise SnapshotCorrupt(
                error.path,
                error.reason,
                remedy=f"Not rolled back; other generations kept: {names}.",
            ) from error


def _older(folder: Folder, generation: int) -> int | None:
    return max((n for n in folder.kept() if n < generation), default=None)
