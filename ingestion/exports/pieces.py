"""Columns of values -> the rows that one file has for one raw table, and their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingestion.cast import arrow_schema
from ingestion.errors import ExportUnreadable
from ingestion.exports.body import Body, Period
from ingestion.source import Rejected
from ingestion.spec import Table


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows that one file has for one raw table."""

    source: str
    table: Table
    account: str
    file: str
    rows: pa.Table
    rejected: tuple[Rejected, ...] = ()
    days: Period | None = None  # the first and last day lived through


def piece(
    body: Body,
    source: str,
    table: Table,
    values: dict[str, list[Any]],
    over: Sequence[int],
    days: Sequence[str],
) -> Piece:
    """`values` by column, one for each line of `over`; other columns are null.

    A row without a part of its key is put aside.
    Raises: ExportUnreadable for a key told twice, differently.
    """
    numbers = [body.numbers[number] for number in over]
    same: dict[str, Any] = {"account_id": body.account, "file": body.name}
    arrays: dict[str, pa.Array] = {}
    for column, kind in table.columns.items():
        if column in values:
            arrays[column] = pa.array(values[column], type=kind)
        elif column == "row_number":
            arrays[column] = pa.array(numbers, type=kind)
        else:
            arrays[column] = pa.repeat(pa.scalar(same.get(column), kind), len(over))
    rejected: dict[int, Rejected] = {}
    for key in table.grain:
        if arrays[key].null_count:
            for at in (n for n, v in enumerate(arrays[key].to_pylist()) if v is None):
                bad = Rejected(body.name, numbers[at], key, "", "a key is missing")
                rejected.setdefault(at, bad)
    plain = [field.with_nullable(True) for field in arrow_schema(table)]
    rows = pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(plain))
    if rejected:
        kept = [number for number in range(len(over)) if number not in rejected]
        rows, numbers = rows.take(kept), [numbers[number] for number in kept]
    rows = _once(body, table, rows.cast(arrow_schema(table)), numbers)
    aside = tuple(rejected[number] for number in sorted(rejected))
    return Piece(source, table, body.account, body.name, rows, aside, _span(rows, days))


def _once(body: Body, table: Table, rows: pa.Table, numbers: list[int]) -> pa.Table:
    """A key told twice with the same values is kept once; else the file is refused."""
    if "row_number" in table.grain:
        return rows
    keys = list(zip(*(rows[key].to_pylist() for key in table.grain), strict=True))
    if len(set(keys)) == len(keys):
        return rows
    seen: dict[tuple[Any, ...], int] = {}
    kept = []
    for number, key in enumerate(keys):
        before = seen.setdefault(key, number)
        if before == number:
            kept.append(number)
        elif not rows.slice(before, 1).equals(rows.slice(number, 1)):
            raise ExportUnreadable(
                body.name,
                row=numbers[number],
                value=", ".join(str(part) for part in key[1:]),
                why=f"was told otherwise in row {numbers[before]}",
                remedy="the file may hold two reports: export each by itself",
            )
    return rows.take(kept)


def is_day(kind: pa.DataType) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _span(rows: pa.Table, columns: Sequence[str]) -> Period | None:
    known = [
        value.date() if isinstance(value, datetime) else value
        for column in columns
        for value in rows[column].unique().to_pylist()
        if value is not None
    ]
    return (min(known), max(known)) if known else None
