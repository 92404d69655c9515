"""What a person is told of an error we know: one line and an honest exit code.

Not here: the errors themselves (each package names its own, remedy included), printing.
"""

import errno
from typing import Any

from ingestion.errors import FileError, SourceError, source_error
from ingestion.sandbox.company import SandboxEnded
from warehouse import db, home
from warehouse.publish import PublishBusy, PublishError
from warehouse.vault import VaultError

EXIT_NOT_PUBLISHED = 1
EXIT_USAGE = 2
EXIT_STALE = 3
EXIT_INTERRUPTED = 130
EXIT_BUSY = 75


class DbtFailed(Exception):
    """dbt could not start; the message is dbt's own."""


# The first that fits counts: the special ones stand before what they belong to.
CODES: tuple[tuple[type[Exception], int], ...] = (
    (home.RunBusy, EXIT_BUSY),
    (PublishBusy, EXIT_BUSY),
    (db.WarehouseLocked, EXIT_BUSY),
    (home.HomeError, EXIT_USAGE),
    (VaultError, EXIT_USAGE),
    (SandboxEnded, EXIT_USAGE),
    (FileError, EXIT_USAGE),
    (SourceError, EXIT_NOT_PUBLISHED),
    (db.WarehouseError, EXIT_NOT_PUBLISHED),
    (PublishError, EXIT_NOT_PUBLISHED),
    (DbtFailed, EXIT_NOT_PUBLISHED),
    (FileNotFoundError, EXIT_NOT_PUBLISHED),
)
_DISK = {
    errno.ENOSPC: "make room on that disk and run again",
    errno.EDQUOT: "make room in that quota and run again",
    errno.EACCES: "give this user permission there, or choose another --data-dir",
    errno.EPERM: "give this user permission there, or choose another --data-dir",
    errno.EROFS: "it is mounted read-only, choose another --data-dir",
    errno.ENOTDIR: "a file stands where a folder is needed, choose another --data-dir",
    errno.EADDRINUSE: "choose another --port",
}


def explained(error: BaseException) -> tuple[str, int] | None:
    """The line and exit code of an error we know; None for a bug."""
    known = source_error(error) or error
    for kind, code in CODES:
        if isinstance(known, kind):
            return str(known), code
    if isinstance(known, OSError) and known.errno in _DISK:
        where = f"{known.filename}: " if known.filename else ""
        return f"{where}{known.strerror}: {_DISK[known.errno]}", EXIT_NOT_PUBLISHED
    return None


def reason(event: Any) -> tuple[str, int]:
    """The same of a step's failure, as Dagster keeps it: by name, not as an object.

    The innermost cause that we raised ourselves; or dbt's tests; or the outermost message.
    """
    said = [event.step_failure_data.error]
    while said[-1] is not None and said[-1].cause is not None:
        said.append(said[-1].cause)
    codes = _codes_by_name()
    for each in reversed(said):
        if each is not None and each.cls_name in codes:
            return _words(each), codes[each.cls_name]
    metadata = event.step_failure_data.user_failure_data
    if metadata is not None and metadata.description:
        return str(metadata.description), EXIT_NOT_PUBLISHED
    return _words(said[-1]), EXIT_NOT_PUBLISHED


def _words(error: Any) -> str:
    """The message without the class's address in front, on one line."""
    text = " ".join(str(error.message).split())
    head, colon, rest = text.partition(": ")
    return rest if colon and head.rpartition(".")[2] == error.cls_name else text


def _codes_by_name() -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, code in CODES:
        for each in _below(kind):
            found.setdefault(each.__name__, code)
    return found


def _below(kind: type[Exception]) -> set[type[Exception]]:
    return {kind, *(each for sub in kind.__subclasses__() for each in _below(sub))}
