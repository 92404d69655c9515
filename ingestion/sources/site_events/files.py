"""Which files there are, and how one is known again. Not here: reading them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".jsonl", ".jsonl.gz", ".parquet")
ENDS_BYTES = 64 * 2**10  # of a file's beginning and end go into its identity
GROUP_BYTES = 8 * 2**20  # of Parquet a million rows, so that memory stays small


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file, the site whose events it holds, and its name below the site's folder."""

    path: Path
    account_id: str
    name: str

    @property
    def identity(self) -> str:
        """Name, size and a hash of both ends: the same file copied anew stays known.

        Not the time of change, which copying alters; not a hash of the whole, which
        would read years of files every night. Trackers add files or rotate them: a
        change in the middle that keeps the size is not seen.
        """
        size = self.path.stat().st_size
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            digest.update(file.read(ENDS_BYTES))
            file.seek(max(size - ENDS_BYTES, 0))
            digest.update(file.read())
        return f"{self.account_id}/{self.name}|{size}|{digest.hexdigest()[:16]}"

    @property
    def is_parquet(self) -> bool:
        return self.name.endswith(".parquet")

    @property
    def is_lines(self) -> bool:
        return not self.is_parquet

    @property
    def is_gzip(self) -> bool:
        return self.name.endswith(".gz")


def size_of(identity: str) -> int:
    """Bytes of the file as it was when this was its identity."""
    return int(identity.rsplit("|", 2)[1])


def known_sizes(identities: Iterable[str]) -> dict[tuple[str, str], int]:
    """(site, name) -> the most bytes that were ever read of a file."""
    sizes: dict[tuple[str, str], int] = {}
    for identity in identities:
        account, _, name = identity.rsplit("|", 2)[0].partition("/")
        sizes[account, name] = max(size_of(identity), sizes.get((account, name), 0))
    return sizes


def event_files(folder: Path, account_id: str) -> list[EventFile]:
    """All event files below `folder`, by name."""
    return [
        EventFile(path, account_id, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.name.endswith(SUFFIXES) and path.is_file()
    ]


def groups(files: Sequence[EventFile]) -> Iterator[list[EventFile]]:
    """Files of one site and kind, read in one go: trackers write many small ones."""
    group: list[EventFile] = []
    size = 0
    for file in sorted(files, key=lambda f: (f.account_id, f.is_parquet, f.name)):
        kind = (file.account_id, file.is_parquet)
        other = group and kind != (group[0].account_id, group[0].is_parquet)
        if other or (group and size + file.path.stat().st_size > GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.path.stat().st_size
    if group:
        yield group
