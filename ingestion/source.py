"""The shape every source has: what it is asked, and what it hands over.

A source folder offers SPEC, `accounts(api)` and `read(api, ask)`, which names a generator
per table. Rows are dictionaries (or Arrow) in the API's own names; `pipeline` types and
loads them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from ingestion.spec import SourceSpec
from ingestion.windows import Window

if TYPE_CHECKING:
    from ingestion.transport import Api

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be kept, for `quarantine.rows`."""

    where: str
    row_number: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one account; `where` is the request or file they came from."""

    account_id: str
    rows: list[Row] | pa.Table
    where: str = ""
    rejected: tuple[Rejected, ...] = ()
    file: str | None = None  # name of a file now read, so that it is read once
    # A list of which only some rows were read: column -> values. The rows are all those
    # that have one of them, and replace those alone; None: the rows are the list.
    patches: Mapping[str, Collection[str]] | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What to read: accounts, days, the data clock; for file sources what is known."""

    accounts: Sequence[str]
    window: Window
    as_of: date
    seen_files: frozenset[str] = frozenset()
    # The day whose lists are known: what changed since may be put over them (patches).
    # None: they are to be read whole, at the first load and where a person gives the days.
    known_to: date | None = None
    replaces: Mapping[str, str] = field(default_factory=dict)  # exports: table -> rows
    reached: Mapping[str, date] = field(default_factory=dict)  # exports: account -> day


class SourceModule(Protocol):
    """What `ingestion.sources.<name>` offers."""

    SPEC: SourceSpec

    def accounts(self, api: "Api") -> Sequence[str]:
        """The accounts the credential may read, cheapest call first."""
        ...

    def read(self, api: "Api", ask: Ask) -> Mapping[str, Iterator[Batch]]:
        """Table name -> its batches; nothing is fetched before it is iterated."""
        ...
