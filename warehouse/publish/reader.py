"""How our own servers read: by manifest, read-only, `published.*` only.

DuckDB keeps one instance per path and process, so a process that opens `current.duckdb`
can be handed the old file after a swap. A path that the manifest names is never reused.
The contract for everybody else: docs/publish.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.publish.errors import SnapshotCorrupt
from warehouse.publish.files import verify
from warehouse.publish.folder import Folder
from warehouse.publish.manifest import Generation, Hold, Manifest, current

DAMAGE = (
    duckdb.IOException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.SerializationException,
)


@contextmanager
def open_snapshot(published_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current generation; it keeps that one until closed.

    Raises: NothingPublished; SnapshotCorrupt, at opening or at the query that meets the
    damage.
    """
    manifest, con = _connect(published_dir)
    try:
        yield con
    except DAMAGE as error:
        if not is_damage(error):
            raise
        path = published_dir / manifest.file
        raise SnapshotCorrupt(path, str(error).splitlines()[0]) from error
    finally:
        con.close()


def check(published_dir: Path) -> Manifest:
    """Compare every file of the current generation with its checksum.

    Raises: NothingPublished, SnapshotCorrupt.
    """
    manifest = current(published_dir)
    for entry in manifest.files:
        verify(published_dir, entry)
    return manifest


def generations(published_dir: Path) -> tuple[Generation, ...]:
    """The kept generations that can be described, oldest first."""
    folder = Folder(published_dir)
    described = (folder.described(number) for number in folder.kept())
    return tuple(one for one in described if one is not None)


def held(published_dir: Path) -> Hold | None:
    """Why nothing is published at the moment, or None."""
    return Folder(published_dir).hold()


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB speaks of broken bytes, not of a query or a full disk."""
    words = ("corrupt", "could not read enough bytes", "not a valid duckdb database")
    if isinstance(error, duckdb.IOException):
        return any(word in str(error).lower() for word in words)
    return isinstance(error, DAMAGE)


def _connect(published_dir: Path) -> tuple[Manifest, duckdb.DuckDBPyConnection]:
    manifest = current(published_dir)
    while True:
        path = published_dir / manifest.file
        try:
            con = duckdb.connect(str(path), read_only=True)
        except DAMAGE as error:
            # Pruned between the two steps: only then there is a newer manifest.
            newer = current(published_dir)
            if newer.generation != manifest.generation:
                manifest = newer
                continue
            if not path.exists():
                raise SnapshotCorrupt(path, "it is missing") from error
            raise SnapshotCorrupt(path, str(error).splitlines()[0]) from error
        con.execute("set timezone = 'UTC'")
        return manifest, con
