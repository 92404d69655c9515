"""Reads a folder of catalogue files and says what is wrong with the first wrong row.

Every file is read before any is handed over: a catalogue is right as a whole or refused as
a whole. Not here: what a row must hold (models.py), loading (the package itself).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingestion.errors import CatalogueInvalid
from ingestion.source import Row
from ingestion.sources.catalogue.checks import check_together
from ingestion.sources.catalogue.models import FILES, ROW_REMEDIES, Entry
from ingestion.sources.catalogue.values import REMEDIES, SEMICOLONS

ACCOUNT = "catalogue"
OURS = ("account_id", "row_number")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file and the line it ends on."""

    number: int
    cells: dict[str, str]


def read_folder(folder: Path) -> Mapping[str, list[Row]]:
    """Table -> rows. A file that is not there is an empty table.

    Raises: CatalogueInvalid with file, row, value and remedy.
    """
    paths = {
        path.stem.lower(): path
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if path.suffix.lower() == ".csv"
    }
    for name in paths.keys() - FILES.keys():
        near = get_close_matches(name, FILES.keys() - paths.keys(), 1, 0.8)
        if near:
            raise CatalogueInvalid(
                _shown(paths[name]),
                why="is no file of the catalogue",
                remedy=f"rename it {near[0]}.csv, or move it elsewhere",
            )
    files = {
        name: list(_rows(paths[name], model)) if name in paths else []
        for name, model in FILES.items()
    }
    check_together(folder.name, files)
    return files


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _rows(path: Path, model: type[Entry]) -> Iterator[Row]:
    text = _decoded(path)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    context = {SEMICOLONS: delimiter == ";"}
    for line in _lines(path, text, delimiter, model):
        try:
            entry = model.model_validate(line.cells, context=context)
        except ValidationError as error:
            raise _invalid(path, line, error) from None
        yield {**entry.model_dump(), "account_id": ACCOUNT, "row_number": line.number}


def _decoded(path: Path) -> str:
    """UTF-8 with or without a byte order mark, or a spreadsheet's UTF-16."""
    content = path.read_bytes()
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise CatalogueInvalid(
            _shown(path),
            row=row,
            why="is not written in UTF-8",
            remedy='save it as "CSV UTF-8"',
        ) from error


def _lines(path: Path, text: str, delimiter: str, model: type[Entry]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower().replace(" ", "_") for cell in cells]
                _check_header(path, reader.line_num, header, model)
                continue
            if len(cells) != len(header):
                raise CatalogueInvalid(
                    _shown(path),
                    row=reader.line_num,
                    why=f"has {len(cells)} cells where the header has {len(header)}",
                    remedy=f'put quotes round texts that hold a "{delimiter}"',
                )
            filled = {k: v for k, v in zip(header, cells, strict=True) if k and v}
            yield Line(reader.line_num, filled)
    except csv.Error as error:
        raise CatalogueInvalid(
            _shown(path),
            row=reader.line_num,
            why=f"cannot be split into cells ({error})",
            remedy="close the quotes, or save the file again from the spreadsheet",
        ) from error


def _check_header(path: Path, row: int, header: list[str], model: type[Entry]) -> None:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name in header:
        if name and header.count(name) > 1:
            raise CatalogueInvalid(
                _shown(path),
                row=row,
                value=name,
                why="is the name of two columns",
                remedy="rename or remove one",
            )
        if name in OURS and name not in fields:
            raise CatalogueInvalid(
                _shown(path),
                row=row,
                value=name,
                why="is a column that Playhead writes itself",
                remedy="rename it",
            )
    for name, field in fields.items():
        if field.is_required() and name not in header:
            near = get_close_matches(name, set(header) - fields.keys(), 1, 0.7)
            raise CatalogueInvalid(
                _shown(path),
                row=row,
                value=name,
                why="is a column that this file needs",
                remedy=f'rename "{near[0]}"' if near else "add it",
            )


def _invalid(path: Path, line: Line, error: ValidationError) -> CatalogueInvalid:
    said = error.errors(include_url=False)[0]
    column = str(said["loc"][0]) if said["loc"] else None
    value: Any = line.cells.get(column or "")
    if said["type"] == "missing":
        return CatalogueInvalid(
            _shown(path),
            row=line.number,
            why=f"column {column} is empty",
            remedy="fill it in, or remove the row",
        )
    what = str(said.get("ctx", {}).get("error", said["msg"]))
    if column is None:
        return CatalogueInvalid(
            _shown(path),
            row=line.number,
            value=next(iter(line.cells.values())),
            why=what,
            remedy=ROW_REMEDIES.get(what, "correct the row"),
        )
    return CatalogueInvalid(
        _shown(path),
        row=line.number,
        value=value,
        why=f"in column {column} {what}",
        remedy=REMEDIES.get(what, "correct it"),
    )
