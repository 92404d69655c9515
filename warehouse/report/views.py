"""Shapes that the template knows: tables, figures, cards, sections.

Parts fill them, macros draw them. Not here: any number or sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from warehouse.report.numbers import NONE

LONG_WORD = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A head; `is_number` columns are right-aligned with tabular figures."""

    label: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, a drawing beside it, and whether it deserves a warning."""

    text: str
    glyph: Markup | None = None
    is_warning: bool = False

    def classes(self, column: Column) -> str:
        """CSS classes: number, warning, and words so long that they may break."""
        is_long = any(len(word) > LONG_WORD for word in self.text.split())
        named = ((column.is_number, "n"), (self.is_warning, "warn"), (is_long, "long"))
        return " ".join(name for holds, name in named if holds)


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]]
    source: str
    grade: str | None = None

    def cells(self, row: Sequence[Cell | str]) -> list[tuple[Column, Cell]]:
        """A row's cells beside their columns: on a phone each says its own head."""
        full = [one if isinstance(one, Cell) else Cell(one or NONE) for one in row]
        return list(zip(self.columns, full, strict=True))


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: its finding as title, one drawing for wide screens, one for phones."""

    key: str
    finding: str
    note: str
    wide: Markup
    narrow: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence; `is_warning` ones are marked by a word and by colour."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A subsection of a part: a heading, sentences, a figure, tables."""

    heading: str | None = None
    facts: Sequence[Fact] = ()
    figure: Figure | None = None
    tables: Sequence[Table] = ()
    folded: Sequence[tuple[str, Table]] = field(default=())
