"""What a folder of exports holds: recognised, read and checked before anything is loaded.

Not here: loading (ingestion.ingest), how one file is read (tables).
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from ingestion.errors import ExportUnreadable, FileError
from ingestion.exports import files
from ingestion.exports.body import Told
from ingestion.exports.conflicts import settled
from ingestion.exports.files import File
from ingestion.exports.mapping import ExportsFile, read_mapping
from ingestion.exports.pieces import Piece
from ingestion.exports.recognise import (
    Recognised,
    Unrecognised,
    find_headings,
    neighbours,
    recognise,
    spoken,
)
from ingestion.exports.tables import read_tables, stage
from ingestion.source import Batch
from ingestion.spec import SourceSpec


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that cannot be read; without a source, nobody knows what would be lost."""

    path: Path
    error: FileError
    source: str | None


@dataclass(slots=True)
class Plan:
    """All files of a folder. `faults` keep their source from being loaded."""

    pieces: dict[str, list[Piece]] = field(default_factory=dict)  # by source
    unrecognised: list[Unrecognised] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def has(self, spec: SourceSpec) -> bool:
        return bool(self.pieces.get(spec.name)) or self.fault(spec) is not None

    def fault(self, spec: SourceSpec) -> Fault | None:
        return next((f for f in self.faults if f.source == spec.name), None)

    def accounts(self, spec: SourceSpec) -> list[str]:
        return sorted({each.account for each in self.pieces.get(spec.name, ())})

    def tables(self, spec: SourceSpec) -> Mapping[str, list[Piece]]:
        told: dict[str, list[Piece]] = {}
        for each in self.pieces.get(spec.name, ()):
            told.setdefault(each.table.name, []).append(each)
        return told

    def batches(self, spec: SourceSpec) -> Mapping[str, Iterator[Batch]]:
        """Table -> its batches, one per file, in order of their names.

        Raises: FileError of a file of this source: all its files are loaded, or none.
        """
        fault = self.fault(spec)
        if fault is not None:
            raise fault.error
        return {name: map(_batch, told) for name, told in self.tables(spec).items()}

    def reached(self, spec: SourceSpec) -> Mapping[str, date]:
        """Account -> the last day its files tell of."""
        last: dict[str, date] = {}
        for each in self.pieces.get(spec.name, ()):
            if each.days:
                last[each.account] = max(last.get(each.account, date.min), each.days[1])
        return last

    @property
    def last_day(self) -> date | None:
        days = [
            each.days[1] for told in self.pieces.values() for each in told if each.days
        ]
        return max(days, default=None)


def _batch(told: Piece) -> Batch:
    return Batch(told.account, told.rows, told.file, told.rejected, told.file)


def plan(folder: Path, mapping_path: Path | None = None) -> Plan:
    """Read the folder, once for an unchanged folder.

    Raises: ExportUnreadable when the mapping is wrong.
    """
    seen = [*sorted(folder.rglob("*")), *([mapping_path] if mapping_path else [])]
    stats = [(str(path), path.stat()) for path in seen if path.is_file()]
    marks = tuple((name, s.st_size, s.st_mtime_ns) for name, s in stats)
    return _plan(folder, mapping_path, marks)


@lru_cache(maxsize=1)
def _plan(
    folder: Path, mapping_path: Path | None, marks: tuple[tuple[str, int, int], ...]
) -> Plan:
    mapping = read_mapping(folder, mapping_path)
    made = Plan()
    try:
        listed = list(files.found(folder))
    except FileError as error:
        made.faults.append(Fault(folder / str(error.path), error, None))
        return made
    known = [each for file in listed if (each := _known(file, mapping, made))]
    for export in neighbours(known).values():
        _read_export(folder, export, mapping, made)
    _settle(folder, made)
    return made


def _known(file: File, mapping: ExportsFile, made: Plan) -> Recognised | None:
    formats, forms = mapping.formats(file.name), mapping.forms(file.name)
    try:
        if not forms:
            found = recognise(file, formats.encoding)
            if isinstance(found, Unrecognised):
                made.unrecognised.append(found)
                return None
            return found
        mapped = find_headings(file, forms, formats.encoding)
    except FileError as error:
        source = forms[0].source if forms else None
        made.faults.append(Fault(file.path, error, source))
        return None
    if isinstance(mapped, Recognised):
        return mapped
    lacks, there = mapped
    lacking = ExportUnreadable(
        file.name,
        row=1,
        value=spoken(lacks[0]),
        why="is a heading that the mapping names and the file lacks",
        remedy=f"correct it in exports.yml (there are: {', '.join(there)})",
    )
    made.faults.append(Fault(file.path, lacking, forms[0].source))
    return None


def _read_export(
    folder: Path, export: list[Recognised], mapping: ExportsFile, made: Plan
) -> None:
    """The files that lie together, those first that tell the others something."""
    told: dict[str, Told] = {}
    for each in sorted(export, key=lambda one: max(stage(f) for f in one.forms)):
        source = each.forms[0].source
        formats = mapping.formats(each.file.name)
        account = formats.account or account_of(folder, each.file)
        shared = told.setdefault(source, Told())
        try:
            pieces = read_tables(each, formats, account, shared)
        except FileError as error:
            made.faults.append(Fault(each.file.path, error, source))
            continue
        for piece in pieces:
            made.pieces.setdefault(piece.source, []).append(piece)
            shared.widen(piece.days)


def account_of(folder: Path, file: File) -> str:
    """The first folder below the folder of exports; beside it, that folder itself."""
    first, *deeper = file.path.relative_to(folder).parts
    return first if deeper else folder.name


def _settle(folder: Path, made: Plan) -> None:
    for source, pieces in made.pieces.items():
        groups: dict[tuple[str, str], list[Piece]] = {}
        for each in sorted(pieces, key=lambda one: one.file):
            groups.setdefault((each.table.name, each.account), []).append(each)
        try:
            made.pieces[source] = [p for g in groups.values() for p in settled(g)]
        except FileError as error:
            made.faults.append(Fault(folder / str(error.path), error, source))


def keep_aside(faults: list[Fault], quarantine: Path) -> None:
    """Copy files that cannot be read to the quarantine folder."""
    for fault in faults:
        if isinstance(fault.error, ExportUnreadable) and fault.path.is_file():
            quarantine.mkdir(parents=True, exist_ok=True)
            shutil.copy2(fault.path, quarantine / fault.path.name)


def last_day(folder: Path, mapping_path: Path | None = None) -> date:
    """The last day found over all files: the day the data is of.

    Raises: FileError of a file whose loss nobody could judge, or of the only ones there;
    ExportUnreadable when no file is recognised, with the nearest form.
    """
    found = plan(folder, mapping_path)
    day = found.last_day
    for fault in found.faults:
        if fault.source is None or day is None:
            raise fault.error
    if day is not None:
        return day
    near = next((u for u in found.unrecognised if u.nearest), None)
    raise ExportUnreadable(
        near.file if near else folder,
        why=f"is nearest to {near.nearest}, but has {near.says}"
        if near
        else "holds no export that is recognised",
        remedy="export it again with these headings, or map its own in exports.yml "
        "(docs/exports.md)",
    )
