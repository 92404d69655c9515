"""Which form a file is of, by its headings alone: never by its name or folder.

Not here: reading the rows below the headings (tables).
"""

import importlib
import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from ingestion.exports import files
from ingestion.exports.cells import heading
from ingestion.exports.files import File
from ingestion.exports.shapes import Form
from ingestion.registry import sources

_FIGURE = re.compile(r"[\d.,:%/ +-]*\d[\d.,:%/ +-]*|.{200,}", re.S)  # no heading
NEAR_ROWS = 5  # a stranger's headings are looked for in these


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file, its forms, and how to find its rows."""

    file: File
    forms: tuple[Form, ...]
    headings: tuple[str, ...]  # as compared
    delimiter: str
    header_row: int  # 1 is the first row of the file


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A file left alone: the form it is nearest to, and what it lacks for that."""

    file: str
    nearest: str
    missing: tuple[str, ...]
    says: str


@cache
def forms() -> tuple[Form, ...]:
    """Every FORMS of a `sources/<name>/export.py`."""
    found: list[Form] = []
    for name in sources():
        module = f"ingestion.sources.{name}.export"
        if importlib.util.find_spec(module) is not None:
            found += importlib.import_module(module).FORMS
    return tuple(found)


@cache
def _pattern(wanted: str) -> re.Pattern[str]:
    """All spellings of a heading; what `(*)` stands for is a group."""
    brackets = re.escape("(*)")
    escaped = [re.escape(each) for each in wanted.split("|")]
    spellings = [each.replace(brackets, r"\((.*)\)") for each in escaped]
    return re.compile("|".join(spellings))


def place(wanted: str, headings: Sequence[str]) -> int | None:
    """Where a wanted heading stands, or None; of several the spelling named first."""
    for spelling in wanted.split("|"):
        pattern = _pattern(spelling)
        for number, name in enumerate(headings):
            if pattern.fullmatch(name):
                return number
    return None


def in_brackets(wanted: str, name: str) -> str | None:
    """What the file has where the wanted heading has `(*)`."""
    match = _pattern(wanted).fullmatch(name)
    told = [each for each in match.groups() if each] if match else []
    return told[0] if told else None


def spoken(wanted: str) -> str:
    """A wanted heading as a message names it: its newest spelling."""
    return wanted.split("|")[0].replace(" (*)", "")


def missing(form: Form, headings: Sequence[str]) -> tuple[str, ...]:
    lacks = [w for w in form.needs if place(w, headings) is None]
    amounts = [metric.heading for metric in form.metrics]
    if amounts and not any(place(each, headings) is not None for each in amounts):
        lacks += [amounts[0]] if amounts[0] not in lacks else []
    return tuple(lacks)


def foreign(form: Form, headings: Sequence[str]) -> tuple[str, ...]:
    """Headings that a form of its own does not have: another report, then."""
    barred = [name for w in form.without for name in headings if _fits(w, name)]
    if form.also is None:
        return tuple(barred)
    own = (*form.needs, *form.also, *(metric.heading for metric in form.metrics))
    strange = [n for n in headings if n and not any(_fits(w, n) for w in own)]
    return tuple(dict.fromkeys((*barred, *strange)))


def _fits(wanted: str, name: str) -> bool:
    return _pattern(wanted).fullmatch(name) is not None


def recognise(file: File, encoding: str | None = None) -> Recognised | Unrecognised:
    """The form with the most headings in the file, at the row where they stand."""
    text = files.head(file, encoding)
    if not files.is_text(text):
        says = "is no text file: export it as CSV"
        return Unrecognised(file.name, "", (), says)
    best: tuple[int, Recognised] | None = None
    for delimiter, row, headings in _candidates(text):
        for form in forms():
            if missing(form, headings) or foreign(form, headings):
                continue
            size = len(form.needs)
            if best is None or size > best[0]:
                best = size, Recognised(file, (form,), headings, delimiter, row)
    return best[1] if best else _nearest(file.name, text)


def find_headings(
    file: File, wanted: Sequence[Form], encoding: str | None
) -> Recognised | tuple[tuple[str, ...], tuple[str, ...]]:
    """The row that has all headings of mapped forms, or (what lacks, what is there)."""
    text = files.head(file, encoding)
    best: tuple[tuple[str, ...], tuple[str, ...]] = (wanted[0].needs, ())
    for delimiter, row, headings in _candidates(text):
        lacks = tuple(dict.fromkeys(w for f in wanted for w in missing(f, headings)))
        if not lacks:
            return Recognised(file, tuple(wanted), headings, delimiter, row)
        if len(lacks) < len(best[0]) or not best[1]:
            best = lacks, headings
    return best


def _candidates(text: str) -> Iterable[tuple[str, int, tuple[str, ...]]]:
    for delimiter in files.DELIMITERS:
        for number, cells in enumerate(files.head_rows(text, delimiter), 1):
            if len(cells) > 1 and not any(_FIGURE.fullmatch(cell) for cell in cells):
                yield delimiter, number, tuple(heading(cell) for cell in cells)


def _nearest(name: str, text: str) -> Unrecognised:
    """The form that shares the largest part of its headings with the first rows."""
    best: tuple[float, int] = (-1.0, 0)
    closest: list[tuple[Form, tuple[str, ...], tuple[str, ...]]] = []
    for _, row, headings in _candidates(text):
        if row > NEAR_ROWS:
            continue
        for form in forms():
            lacks = missing(form, headings)
            share = 1 - len(lacks) / (len(form.needs) + bool(form.metrics))
            if (share, -row) > best:
                best, closest = (share, -row), []
            if (share, -row) == best:
                closest.append((form, lacks, headings))
    if not closest:
        return Unrecognised(name, "", (), "has no row of headings")
    form, lacks, headings = max(closest, key=_likeness)
    strange = foreign(form, headings)
    if lacks:
        says = "no heading " + ", ".join(f'"{spoken(each)}"' for each in lacks)
    else:
        says = "strange heading " + ", ".join(f'"{each}"' for each in strange)
    return Unrecognised(name, form.name, lacks, says)


def _likeness(near: tuple[Form, tuple[str, ...], tuple[str, ...]]) -> float:
    """How alike the letters are, where several forms share as many headings."""
    form, _, headings = near
    wanted = " ".join(spoken(each) for each in form.needs)
    return SequenceMatcher(None, wanted, " ".join(headings)[:120]).ratio()


def neighbours(all_files: Iterable[Recognised]) -> Mapping[str, list[Recognised]]:
    """Recognised files by the export they came in: one folder or one ZIP."""
    grouped: dict[str, list[Recognised]] = {}
    for each in all_files:
        grouped.setdefault(each.file.group, []).append(each)
    return grouped
