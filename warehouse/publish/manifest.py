"""The manifest: what a generation is, in one JSON file that people can read too.

`snap-<generation>.json` describes one generation and never changes. `manifest.json` is
the description of the current one and the commit record: all files it names are
immutable and carry the generation in their path, so whoever starts there reads things
that belong together. Not here: writing order and recovery (swap.py).
"""

from datetime import date, datetime
from pathlib import Path
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from warehouse.publish.errors import NothingPublished, SnapshotCorrupt

FORMAT = 1
MANIFEST = "manifest.json"

R = TypeVar("R", bound=BaseModel)


class _Record(BaseModel):
    # A newer release may add fields: an older reader passes over them.
    model_config = ConfigDict(frozen=True, extra="ignore")


class FileEntry(_Record):
    """A file of the generation, its path relative to the published folder."""

    file: str
    sha256: str
    bytes: int


class TableEntry(_Record):
    """One published table. Sums are text, exact for counts and money."""

    rows: int
    columns: dict[str, str]
    sums: dict[str, str]
    content_hash: str
    parquet: FileEntry


class SourceFreshness(_Record):
    """How far the data of one account reach, as of the generation's day."""

    source: str
    status: str
    family: str | None = None
    account_id: str | None = None
    last_date: date | None = None
    expected_date: date | None = None
    reason: str | None = None
    load_id: str | None = None


class Generation(FileEntry):
    """One published state of the warehouse; `file` and `sha256` are its database's."""

    format: int = FORMAT
    generation: int
    as_of: date
    mode: str
    is_simulated: bool
    published_at: datetime
    storage_version: str
    written_by: str
    content_hash: str
    schema_hash: str
    tables: dict[str, TableEntry]
    sources: tuple[SourceFreshness, ...] = ()
    report: FileEntry | None = None

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Every file of the generation, the database first."""
        parquet = (table.parquet for table in self.tables.values())
        return (self, *parquet, *((self.report,) if self.report else ()))


class Manifest(Generation):
    """The current generation, the one before it, and the highest ever committed."""

    previous: int | None
    newest: int

    @classmethod
    def of(cls, described: Generation, *, previous: int | None, newest: int) -> Self:
        return cls(
            **described.model_dump(exclude={"previous", "newest"}),
            previous=previous,
            newest=newest,
        )


class Hold(_Record):
    """Why nothing is published for now: somebody rolled back to `generation`."""

    reason: str
    since: datetime
    generation: int


def to_bytes(record: BaseModel) -> bytes:
    return (record.model_dump_json(indent=1) + "\n").encode()


def read(kind: type[R], path: Path) -> R:
    """Parse one of our JSON files.

    Raises: FileNotFoundError; SnapshotCorrupt when it does not parse or was written by
    a release whose format this one does not know.
    """
    text = path.read_bytes()
    try:
        record = kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise SnapshotCorrupt(path, f"{where}: {first['msg']}") from error
    written = getattr(record, "format", FORMAT)
    if written > FORMAT:
        raise SnapshotCorrupt(
            path,
            f"it has format {written}, this release reads up to {FORMAT}",
            remedy="Upgrade playhead on this machine.",
        )
    return record


def current(published_dir: Path) -> Manifest:
    """The manifest of the current generation.

    Raises: NothingPublished, SnapshotCorrupt.
    """
    try:
        return read(Manifest, published_dir / MANIFEST)
    except FileNotFoundError as error:
        raise NothingPublished(published_dir) from error
