"""What can go wrong while data is fetched. Each message quotes the value and the remedy.

SourceError                the source is stale, the others go on
├── CredentialMissing      a variable is not set
├── CredentialRefused      the platform said 401 or 403
├── ConsentFailed          nobody consented, or not to what we asked
├── CredentialUnkept       a new token could not be written down
├── SourceUnreachable      no answer within the time-outs and attempts
├── RateLimited            the platform's quota is used up
├── RequestRefused         the platform calls the request itself wrong
├── TooMuchAsked           the platform wants the request in smaller pieces
├── AnswerUnreadable       an answer that is not what the platform documents
├── ShrunkenList           a list lost more than a fifth of its rows
├── ExportUnreadable       a file cannot be read: file, row, value
├── ExportsConflict        two files tell the same thing
└── CatalogueInvalid       a CSV file of the team has a wrong row
"""

from pathlib import Path


class SourceError(Exception):
    """Base: caught by the ingest assets, which keep the last good rows."""


class CredentialMissing(SourceError):
    pass


class CredentialRefused(SourceError):
    pass


class ConsentFailed(SourceError):
    pass


class CredentialUnkept(SourceError):
    pass


class SourceUnreachable(SourceError):
    pass


class RateLimited(SourceError):
    pass


class RequestRefused(SourceError):
    pass


class TooMuchAsked(SourceError):
    pass


class AnswerUnreadable(SourceError):
    pass


class ShrunkenList(SourceError):
    pass


class FileError(SourceError):
    """A value in a file is wrong: says the file, the row, the value and the remedy."""

    def __init__(
        self,
        path: Path | str,
        *,
        remedy: str,
        row: int | None = None,
        value: object = None,
        why: str = "cannot be read",
    ) -> None:
        self.path, self.row, self.value = path, row, value
        where = f"{path} row {row}" if row is not None else f"{path}"
        what = f'"{value}" {why}' if value is not None else why
        super().__init__(f"{where}: {what}. {remedy[0].upper()}{remedy[1:]}.")


class ExportUnreadable(FileError):
    pass


class ExportsConflict(FileError):
    pass


class CatalogueInvalid(FileError):
    pass


def source_error(error: BaseException) -> SourceError | None:
    """The SourceError inside an exception that dlt wrapped round it, if there is one."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, SourceError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
