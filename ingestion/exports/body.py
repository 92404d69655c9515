"""A recognised file's cells by heading, with the rows they stand in.

Not here: which raw table they go to (tables, totals).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingestion.errors import ExportUnreadable
from ingestion.exports import cells, files
from ingestion.exports.recognise import Recognised, place
from ingestion.exports.shapes import Form, Formats

_SUMS_UP = ("total", "grand total", "results from")
Period = tuple[date, date]


@dataclass(slots=True)
class Told:
    """What files of one export tell one another: a period, the kind of search."""

    names: dict[str, str] = field(default_factory=dict)
    period: Period | None = None

    def widen(self, period: Period | None) -> None:
        known = (*(self.period or ()), *(period or ()))
        self.period = (min(known), max(known)) if known else None


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below the headings; `numbers` are rows of the file, from 1."""

    known: Recognised
    formats: Formats
    account: str
    numbers: list[int]
    lines: list[list[str]]

    @classmethod
    def read(cls, known: Recognised, formats: Formats, account: str) -> "Body":
        """Raises: ExportUnreadable: wrong encoding, cut off, a quote left open."""
        text = files.text_of(known.file, formats.encoding)
        below = list(
            files.lines(
                known.file,
                text,
                known.delimiter,
                known.header_row,
                len(known.headings),
            )
        )
        numbers = [number for number, _ in below]
        return cls(known, formats, account, numbers, [cells for _, cells in below])

    @property
    def name(self) -> str:
        return self.known.file.name

    def place(self, heading: str) -> int | None:
        return place(heading, self.known.headings) if heading else None

    def column(
        self, at: int, read: Callable[[str], Any], over: Sequence[int]
    ) -> list[Any]:
        """Values of the lines `over`; each distinct text is read once.

        Raises: ExportUnreadable for the first that cannot be read.
        """
        texts = [self.lines[number][at] for number in over]
        values: dict[str, Any] = {}
        bad: dict[str, cells.BadValue] = {}
        for text in set(texts):
            try:
                values[text] = read(text)
            except cells.BadValue as error:
                bad[text] = error
        if bad:
            first = next(n for n, text in enumerate(texts) if text in bad)
            wrong = bad[texts[first]]
            raise ExportUnreadable(
                self.name,
                row=self.numbers[over[first]],
                value=texts[first][:60],
                why=f'under "{self.known.headings[at]}" {wrong.why}',
                remedy=wrong.remedy,
            )
        return [values[text] for text in texts]


def sums_up(form: Form, key: Sequence[str]) -> bool:
    """A row that adds the others up says so in its first cell, or names no key."""
    first, *rest = ("" if cells.says_nothing(cell) else cell.strip() for cell in key)
    if any(rest):
        return False
    return first.casefold().startswith(_SUMS_UP) or (form.unnamed_total and not first)
