"""What can go wrong between the warehouse and its readers.

    PublishError                  exit code 1; readers have a whole generation
    ├── PublishBusy               another publish holds the folder (exit code 75)
    ├── PublishHeld               a rollback stands until it is released
    ├── PublishRefused            the audit found a difference, a type or a name
    ├── ReportFailed              the report of the new generation did not render
    ├── FolderUnusable            no room, no permission, no hard links
    ├── NothingPublished          no generation to read or to roll back to
    ├── GenerationUnknown         that generation is not kept
    └── SnapshotCorrupt           a file is not the one that was published

Every message quotes the value it saw and ends in the remedy. A warehouse that is
missing, locked or damaged speaks for itself (`warehouse.db`).
"""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class PublishError(Exception):
    """Not published, not rolled back or not readable; `exit_code` is for the shell."""

    exit_code = 1


class PublishBusy(PublishError):
    """Another publish or rollback is at work in the folder."""

    exit_code = 75

    def __init__(self, folder: Path, *, pid: int | None, since: str | None) -> None:
        self.folder, self.pid, self.since = folder, pid, since
        super().__init__(
            f"another publish is running in {folder} (pid {pid or 'unknown'}, since "
            f"{since or 'just now'}); this one stopped, nothing was changed. "
            "Wait for it and run again."
        )


class PublishHeld(PublishError):
    """Somebody rolled back and wants it to stay so."""

    def __init__(self, *, reason: str, since: str, generation: int) -> None:
        self.reason, self.since, self.generation = reason, since, generation
        super().__init__(
            f'publishing is on hold since {since}: "{reason}". Generation {generation} '
            "stays current. When the cause is gone: `playhead publish --release`."
        )


class PublishRefused(PublishError):
    """The audit says no. `current` is the generation that readers keep."""

    def __init__(
        self,
        finding: str,
        *,
        remedy: str,
        table: str | None = None,
        column: str | None = None,
        expected: object = None,
        found: object = None,
    ) -> None:
        self.finding, self.remedy = finding, remedy
        self.table, self.column = table, column
        self.expected, self.found = expected, found
        self.current: int | None = None
        super().__init__(finding)

    def __str__(self) -> str:
        name = ".".join(n for n in ("published", self.table, self.column) if n)
        kept = f"Not published, {stays(self.current)}."
        return f"{name}: {self.finding}. {kept} {self.remedy}"


class ReportFailed(PublishError):
    """A generation is published with its report or not at all."""

    def __init__(
        self, generation: int, error: BaseException, current: int | None
    ) -> None:
        self.generation = generation
        super().__init__(
            f"the report of generation {generation} did not render "
            f"({type(error).__name__}: {error}). Not published, {stays(current)}. "
            "Repair the report and run again."
        )


class FolderUnusable(PublishError):
    """The file system said no."""

    def __init__(self, path: Path, reason: str, *, remedy: str) -> None:
        self.path, self.reason, self.remedy = path, reason, remedy
        super().__init__(f"{path}: {reason}. {remedy}")


class NothingPublished(PublishError):
    """The folder holds no generation."""

    def __init__(self, folder: Path, what: str = "nothing is published yet") -> None:
        self.folder = folder
        super().__init__(f"{folder}: {what}. Run `playhead run` first.")


class GenerationUnknown(PublishError):
    """Pruned, never made, or mistyped."""

    def __init__(self, folder: Path, generation: int, kept: Iterable[int]) -> None:
        self.generation, self.kept = generation, tuple(kept)
        names = ", ".join(map(str, self.kept)) or "none"
        super().__init__(
            f"{folder}: generation {generation} is not kept. Choose one of: {names}."
        )


class SnapshotCorrupt(PublishError):
    """Bytes changed after publishing: never shown, never rolled back to."""

    def __init__(self, path: Path, reason: str, *, remedy: str = "") -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} is damaged: {reason}. {remedy or REPAIR}")


REPAIR = (
    "Run `playhead run`: it repairs what it can and publishes anew, or return to an "
    "older generation with `playhead rollback`."
)
_REMEDIES = {
    errno.ENOSPC: "Make room on that disk and run again; readers go on meanwhile.",
    errno.EDQUOT: "Make room in that quota and run again; readers go on meanwhile.",
    errno.EFBIG: "Raise `ulimit -f` and run again; readers go on meanwhile.",
    errno.EACCES: "Give this user write permission there, or choose another --data-dir.",
    errno.EPERM: "Give this user write permission there, or choose another --data-dir.",
    errno.EROFS: "It is mounted read-only: choose another --data-dir.",
}
_OTHERWISE = "Check the disk and run again; readers keep what they have."


def stays(current: int | None) -> str:
    """What readers keep, as half a sentence."""
    if current is None:
        return "nothing was published before"
    return f"generation {current} stays current"


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about `folder` into one line with a remedy.

    Raises: FolderUnusable. An error without a number is not the system's and passes.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        path = Path(error.filename) if isinstance(error.filename, str) else folder
        raise FolderUnusable(
            path,
            error.strerror or str(error),
            remedy=_REMEDIES.get(error.errno, _OTHERWISE),
        ) from error


def no_room(folder: Path, said: str) -> FolderUnusable:
    """The same for DuckDB, which tells the cause in words only."""
    codes = {
        "No space left": errno.ENOSPC,
        "File too large": errno.EFBIG,
        "Permission denied": errno.EACCES,
        "Read-only file system": errno.EROFS,
        "quota exceeded": errno.EDQUOT,
    }
    code = next((code for words, code in codes.items() if words in said), 0)
    return FolderUnusable(
        folder, said.splitlines()[0], remedy=_REMEDIES.get(code, _OTHERWISE)
    )
