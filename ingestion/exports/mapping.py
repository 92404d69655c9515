"""exports.yml: what foreign headings mean, and how files write their values.

An entry with `source` maps a foreign file to a raw table; one without it only says how the
files of a pattern write their values. Reference: docs/exports.md.
"""

from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingestion.errors import ExportUnreadable
from ingestion.exports.cells import heading
from ingestion.exports.files import MAPPING_NAMES
from ingestion.exports.shapes import Cell, Form, Formats, Metric, Read, Rows, Totals
from ingestion.registry import sources
from ingestion.spec import SourceSpec, Table


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """A raw column: the heading it is under, or one value for all rows."""

    heading: str = ""
    value: str | int | float | bool | None = None
    read: Read | None = None
    times: float = 1.0
    parted_by: str = ""


class Amount(_Strict):
    """A metric of a report of totals."""

    heading: str
    unit: str = "count"


class Period(_Strict):
    """First and last day of a report that does not say them."""

    first: date
    last: date


class Entry(_Strict):
    """One pattern of files."""

    pattern: str
    source: str | None = None
    table: str | None = None
    columns: dict[str, str | Column] = Field(default_factory=dict)
    report: str = ""
    breakdowns: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, str | Amount] = Field(default_factory=dict)
    days: tuple[str, ...] = ()
    account: str | None = None
    period: Period | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal[",", "."] | None = None
    dates: str | None = None
    zone: str | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        try:
            ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(
                f"{zone!r} is no time zone such as Europe/Paris"
            ) from error
        return zone

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        try:
            "".encode(encoding or "utf-8")
        except LookupError as error:
            raise ValueError(f"{encoding!r} is no encoding such as cp1252") from error
        return encoding

    def fits(self, name: str) -> bool:
        """`*` also stands for folders; the pattern may begin at any folder."""
        return fnmatchcase(name, self.pattern) or fnmatchcase(name, f"*/{self.pattern}")


class ExportsFile(_Strict):
    """The whole file."""

    files: tuple[Entry, ...] = ()

    def forms(self, name: str) -> tuple[Form, ...]:
        """The mapped forms of a file; () where its own headings decide."""
        return tuple(_form(e) for e in self.files if e.source and e.fits(name))

    def formats(self, name: str) -> Formats:
        """How the file writes its values; of two entries the first that says it."""
        entries = [entry for entry in self.files if entry.fits(name)]

        def first(key: str) -> Any:
            said = (getattr(entry, key) for entry in entries)
            return next((value for value in said if value is not None), None)

        period: Period | None = first("period")
        return Formats(
            decimal=first("decimal") or ".",
            thousands=first("thousands"),
            dates=first("dates"),
            zone=first("zone") or "UTC",
            encoding=first("encoding"),
            period=(period.first, period.last) if period else None,
            account=first("account"),
        )


def read_mapping(folder: Path, given: Path | None) -> ExportsFile:
    """The mapping given, else the one beside the files, else an empty one.

    Raises: ExportUnreadable that says which entry is wrong and what it may be.
    """
    beside = [folder / name for name in MAPPING_NAMES if (folder / name).is_file()]
    path = given or next(iter(beside), None)
    if path is None:
        return ExportsFile()
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = ExportsFile.model_validate(told or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ExportUnreadable(
            path.name,
            row=mark.line + 1 if mark else None,
            why="is no YAML in UTF-8",
            remedy="see docs/exports.md for its form",
        ) from error
    except ValidationError as error:
        raise _invalid(path, error) from None
    for number, entry in enumerate(mapping.files, 1):
        _check(path, number, entry)
    return mapping


def _invalid(path: Path, error: ValidationError) -> ExportUnreadable:
    said = error.errors(include_url=False)[0]
    where = [str(part + 1 if isinstance(part, int) else part) for part in said["loc"]]
    value = said["input"] if isinstance(said["input"], str | int | float) else None
    return ExportUnreadable(
        path.name,
        value=value,
        why=f"at {' '.join(where)}: {said['msg'].removeprefix('Value error, ')}",
        remedy="see docs/exports.md for what an entry may say",
    )


def _check(path: Path, number: int, entry: Entry) -> None:
    if entry.source is None:
        if entry.columns or entry.metrics or entry.table:
            raise _wrong(path, number, entry.pattern, "has no `source`", "add it")
        return
    if entry.source not in sources():
        raise _unknown(path, number, entry.source, "source", sources())
    spec: SourceSpec = sources()[entry.source].SPEC
    tables = {table.name: table for table in spec.tables}
    if entry.table not in tables:
        raise _unknown(path, number, entry.table, f"table of {entry.source}", tables)
    table = tables[entry.table]
    if table.name == "reported_totals":
        if not entry.metrics or not entry.report:
            why = "needs `report` and `metrics`"
            raise _wrong(path, number, entry.pattern, why, "add them")
        return
    for column in (*entry.columns, *entry.days):
        if column not in table.columns or column in ("account_id", "file"):
            mine = set(table.columns) - {"account_id", "file"}
            raise _unknown(path, number, column, f"column of {table.name}", mine)
    _check_key(path, number, entry, table)


def _check_key(path: Path, number: int, entry: Entry, table: Table) -> None:
    for column in table.grain:
        if column not in (*entry.columns, "account_id", "file", "row_number"):
            why = f"does not say `{column}`, which is part of the key of {table.name}"
            raise _wrong(path, number, entry.pattern, why, "add it under `columns`")


def _wrong(path: Path, number: int, value: Any, why: str, how: str) -> ExportUnreadable:
    return ExportUnreadable(
        path.name, value=value, why=f"(entry {number}) {why}", remedy=how
    )


def _unknown(
    path: Path, number: int, value: Any, what: str, known: Any
) -> ExportUnreadable:
    near = get_close_matches(str(value), list(known), 1, 0.0)
    others = ", ".join(sorted(known))
    remedy = f"write {near[0]}" if near else f"use one of {others}"
    return _wrong(path, number, value, f"is no {what}", f"{remedy} (known: {others})")


def _form(entry: Entry) -> Form:
    assert entry.source is not None and entry.table is not None
    feed: Rows | Totals
    if entry.table == "reported_totals":
        metrics = tuple(
            Metric(name, heading(m), "count")
            if isinstance(m, str)
            else Metric(name, heading(m.heading), m.unit)
            for name, m in entry.metrics.items()
        )
        by = {name: heading(told) for name, told in entry.breakdowns.items()}
        feed = Totals(entry.report, by, metrics)
        needs = [*by.values(), *(metric.heading for metric in metrics)]
    else:
        feed = Rows(
            entry.table,
            {name: _cell(told) for name, told in entry.columns.items()},
            entry.days,
        )
        needs = feed.headings()
    return Form(
        f"{entry.pattern} of the mapping",
        entry.source,
        tuple(dict.fromkeys(needs)),
        (feed,),
    )


def _cell(told: str | Column) -> Cell:
    if isinstance(told, str):
        return Cell(heading(told))
    return Cell(
        heading(told.heading),
        value=told.value,
        read=told.read,
        times=told.times,
        parted_by=told.parted_by,
    )
