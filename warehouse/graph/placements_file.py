"""Adds placements to the catalogue's placements.csv, as text: what stands there stays.

Rows are appended in the file's own columns, delimiter, encoding and line ends, and the
file is replaced whole, so that a reader never meets half of it. Not here: whether the
catalogue is right afterwards (its source checks that), what to add (proposals.py).
"""

import csv
import io
import os
import shutil
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

NAME = "placements.csv"
COLUMNS = (
    *("placement_id", "variant_id", "channel", "platform", "account_id"),
    *("platform_object_id", "platform_video_id", "page_path", "tag"),
    *("start_date", "end_date"),
)
# Without these a row would say less than a rule needs to find the object again.
NEEDED = COLUMNS[:6]
_DELIMITERS = (",", ";", "\t")

Entry = Mapping[str, str]


class PlacementsUnwritable(Exception):
    """The file cannot take the rows; the message names the column and the remedy."""


def added(before: bytes, entries: Iterable[Entry]) -> bytes:
    """The file's bytes with the entries as its last rows; an empty file gets a header.

    Raises: PlacementsUnwritable where the header lacks a column that a rule needs.
    """
    encoding, bom = _encoding(before)
    text = before[len(bom) :].decode(encoding)
    ends = "\r\n" if "\r\n" in text else "\n"
    if not text.strip():
        text, bom = ",".join(COLUMNS) + "\n", b""
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(_DELIMITERS, key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter))
    header = [cell.strip().lower().replace(" ", "_") for cell in cells]
    for name in NEEDED:
        if name not in header:
            raise PlacementsUnwritable(
                f'{NAME} has no column "{name}": add it to its first row'
            )
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter=delimiter, lineterminator=ends)
    for entry in entries:
        writer.writerow([entry.get(name, "") for name in header])
    if not rows.getvalue():
        return before
    gap = "" if text.endswith(("\n", "\r")) else ends
    return bom + (text + gap + rows.getvalue()).encode(encoding)


def replace(path: Path, content: bytes) -> None:
    """Swap the whole file in, with the rights that it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def free_id(variant_id: str, channel: str, taken: Sequence[str] | set[str]) -> str:
    """A name of its own for a placement: <variant>-<channel>, then -2, -3 and so on."""
    wish = f"{variant_id}-{channel.replace('_', '-')}"
    number, name = 1, wish
    while name in taken:
        number += 1
        name = f"{wish}-{number}"
    return name


def _encoding(content: bytes) -> tuple[str, bytes]:
    """UTF-8 with or without a byte order mark, or a spreadsheet's UTF-16."""
    for bom, name in (
        (BOM_UTF8, "utf-8"),
        (BOM_UTF16_LE, "utf-16-le"),
        (BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(bom):
            return name, bom
    return "utf-8", b""
