"""Files below a folder, ZIPs opened, as rows of text: encodings, delimiters, odd lines.

Not here: what a file is (recognise), what a cell means (cells).
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from ingestion.errors import ExportUnreadable

MAPPING_NAMES = ("exports.yml", "exports.yaml")
HEAD_BYTES = 65_536
HEAD_ROWS = 30  # headings stand in one of these
DELIMITERS = (",", "\t", ";", "|")
_DOCUMENTS = re.compile(r"(readme|licen[cs]e|notice|copying)(\..*)?|.*\.md", re.I)
_FOOTER = re.compile(
    r"\s*(total|grand total|totals|results from|showing|source|generated|exported"
    r"|report|note|#|\*|--)",
    re.I,
)
csv.field_size_limit(16_777_216)


@dataclass(frozen=True, slots=True)
class File:
    """A file below the folder, or a member of a ZIP there; `name` as people write it."""

    path: Path
    name: str
    member: str | None = None

    @property
    def group(self) -> str:
        """Files of one export lie in one folder or one ZIP."""
        return str(PurePosixPath(self.name).parent)

    def read(self, most: int | None = None) -> bytes:
        """Raises: ExportUnreadable for a ZIP that is not whole."""
        if self.member is None:
            with self.path.open("rb") as opened:
                return opened.read() if most is None else opened.read(most)
        try:
            with zipfile.ZipFile(self.path) as box, box.open(self.member) as opened:
                return opened.read() if most is None else opened.read(most)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise broken_zip(self.name, error) from error
        except (RuntimeError, NotImplementedError) as error:  # a password, a method
            raise ExportUnreadable(
                self.name, why=f"cannot be unpacked ({error})", remedy="unpack it here"
            ) from error


def broken_zip(name: str, error: Exception) -> ExportUnreadable:
    return ExportUnreadable(
        name,
        why=f"is no whole ZIP ({str(error).rstrip('.').lower()})",
        remedy="download it again, then run again",
    )


def found(folder: Path) -> Iterator[File]:
    """Every file below `folder` that may hold data, members of ZIPs included.

    Raises: ExportUnreadable for a ZIP that cannot be opened: nobody knows what it holds.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__MACOSX")) for part in inside.parts)
        if hidden or not path.is_file() or _DOCUMENTS.fullmatch(path.name):
            continue
        if path.name in MAPPING_NAMES:
            continue
        name = inside.as_posix()
        if path.suffix.lower() == ".zip":
            yield from _members(path, name)
        else:
            yield File(path, name)


def _members(path: Path, name: str) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as box:
            inside = [each.filename for each in box.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, EOFError) as error:
        raise broken_zip(name, error) from error
    for member in sorted(inside):
        parts = PurePosixPath(member).parts
        if not any(p.startswith((".", "__MACOSX")) for p in parts):
            yield File(path, f"{name}/{member}", member)


def encoding_of(content: bytes) -> str:
    """By byte order mark, else by where the zeros of UTF-16 stand, else UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:512]
    if start.count(b"\0") * 3 > len(start):
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    return "utf-8-sig"


def head(file: File, encoding: str | None = None) -> str:
    """The first rows' text, for recognising; bytes that do not fit are shown as �."""
    content = file.read(HEAD_BYTES)
    decoder = codecs.getincrementaldecoder(encoding or encoding_of(content))("replace")
    return decoder.decode(content, final=False)


def is_text(text: str) -> bool:
    return "\0" not in text[:2048] and not text.startswith(("PK\x03\x04", "%PDF"))


def head_rows(text: str, delimiter: str) -> list[list[str]]:
    """The rows among which the headings are looked for; the last may be cut."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(islice(lines, HEAD_ROWS))
    except csv.Error:
        return []


def text_of(file: File, encoding: str | None) -> str:
    """Raises: ExportUnreadable, with the row of the first byte that does not fit."""
    content = file.read()
    chosen = encoding or encoding_of(content)
    try:
        return content.decode(chosen).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.rfind(b"\n", 0, error.start) + 1
        cell = re.split(rb"[,;\t\n\r]", content[line : error.start])[-1]
        rest = re.split(rb"[,;\t\n\r]", content[error.start :], maxsplit=1)[0]
        raise ExportUnreadable(
            file.name,
            row=content.count(b"\n", 0, error.start) + 1,
            value=(cell + rest)[:60].decode("ascii", "backslashreplace"),
            why=f"is not written in {chosen.removesuffix('-sig').upper()}",
            remedy='save the file as "CSV UTF-8", or set `encoding: cp1252` for this '
            "pattern in exports.yml",
        ) from error


def _ragged(
    file: File, number: int, cells: list[str], delimiter: str, width: int
) -> ExportUnreadable:
    return ExportUnreadable(
        file.name,
        row=number,
        value=delimiter.join(cells)[:60],
        why=f"is {len(cells)} cells below {width} headings",
        remedy="the file may be cut off: export it again"
        if len(cells) < width
        else f'put quotes round what holds a "{delimiter}", or export it again',
    )


def lines(
    file: File, text: str, delimiter: str, header_row: int, width: int
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) below the headings; blank and closing lines left out.

    Raises: ExportUnreadable for a row of another width: the file may be cut off.
    """
    split = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, after_blank = 0, False
    try:
        for number, cells in enumerate(split, 1):
            if number <= header_row:
                continue
            filled = [cell for cell in cells if cell.strip()]
            if not filled:
                after_blank = True
                continue
            if len(cells) > width and not any(c.strip() for c in cells[width:]):
                cells = cells[:width]
            if len(cells) == width:
                if width > 2 and len(filled) == 1 and _FOOTER.match(filled[0]):
                    continue
                yield number, cells
            elif not (after_blank or _FOOTER.match(filled[0])):
                raise _ragged(file, number, cells, delimiter, width)
    except csv.Error as error:
        raise ExportUnreadable(
            file.name,
            row=number + 1,
            why=f"cannot be split into cells ({error})",
            remedy="the file may be cut off, or a quote is missing: export it again",
        ) from error
