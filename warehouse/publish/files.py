"""Files that survive a kill and a power cut: written aside, synced, renamed.

Temporaries begin with TEMPORARY and lie in the folder they are renamed in (a rename is
atomic inside one file system only), so that one sweep finds all of them.
"""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from warehouse.publish.errors import FolderUnusable, SnapshotCorrupt
from warehouse.publish.manifest import FileEntry

TEMPORARY = ".build-"
READ_ONLY = 0o444
NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}

At = Callable[[str], None]


def unobserved(point: str) -> None:
    """Nobody watches; tests pass a function that kills the process at a named point."""


def temporary(path: Path) -> Path:
    """The name beside `path` under which it is made."""
    return path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")


def sync(path: Path) -> None:
    """fsync of a file or a folder; after a rename it is the folder that counts."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes, *, mode: int = READ_ONLY) -> None:
    """Replace `path` as a whole: readers see the old bytes or the new ones."""
    aside = temporary(path)
    aside.unlink(missing_ok=True)
    with aside.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    aside.chmod(mode)
    aside.replace(path)
    sync(path.parent)


def point(name: Path, target: Path, *, at: At = unobserved) -> None:
    """Let `name` be the very file `target`: one inode, no second copy.

    Raises: FolderUnusable on a file system without hard links.
    """
    aside = temporary(name)
    aside.unlink(missing_ok=True)
    try:
        os.link(target, aside)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        raise FolderUnusable(
            name.parent,
            f"hard links are refused here ({error.strerror})",
            remedy="Publish to a local disk; copy from there, one generation at a time.",
        ) from error
    at("linked")
    aside.replace(name)
    # A rename between two links of one file does nothing and leaves the first name.
    aside.unlink(missing_ok=True)
    sync(name.parent)


def describe(folder: Path, path: Path) -> FileEntry:
    """The entry of a file that is written and will not change."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return FileEntry(
        file=path.relative_to(folder).as_posix(),
        sha256=digest,
        bytes=path.stat().st_size,
    )


def verify(folder: Path, entry: FileEntry) -> None:
    """Compare a file with its entry.

    Raises: SnapshotCorrupt with both sizes or both checksums.
    """
    path = folder / entry.file
    try:
        found = describe(folder, path)
    except FileNotFoundError as error:
        raise SnapshotCorrupt(path, "it is missing") from error
    if found.bytes != entry.bytes:
        raise SnapshotCorrupt(
            path, f"{found.bytes} bytes, published were {entry.bytes}"
        )
    if found.sha256 != entry.sha256:
        raise SnapshotCorrupt(
            path, f"sha256 {found.sha256[:12]}, published was {entry.sha256[:12]}"
        )
