"""Rows of dictionaries -> typed Arrow, by the declared columns.

The fast way casts a column at once; only a column that fails is walked value by value to
find the rows to quarantine. Not here: zero or NULL for what is missing (the source knows).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from ingestion.source import Rejected, Row
from ingestion.spec import Columns, Table

_MISSING = (None, "")


@dataclass(frozen=True, slots=True)
class Cast:
    """Typed rows, what was put aside, and columns nobody had declared."""

    rows: pa.Table
    rejected: list[Rejected]
    new_columns: tuple[str, ...] = ()


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError("a boolean is no count")
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError("not a whole number")
        return int(value)
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError("does not fit 64 bits")
    return number


def _float(value: Any) -> float:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("not a finite number")
    return number


def _money(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("no amount") from error
    if not number.is_finite():
        raise ValueError("not a finite amount")
    return number.quantize(Decimal("0.0001"))


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


def _stamp(value: Any) -> datetime:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, UTC)  # epoch milliseconds
    if not isinstance(value, datetime):
        text = str(value)
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a time without zone")
    return value.astimezone(UTC)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _boolean(value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    try:
        return known[str(value).lower()]
    except KeyError as error:
        raise ValueError("neither true nor false") from error


def _converter(kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return _text
    if pa.types.is_integer(kind):
        return _integer
    if pa.types.is_floating(kind):
        return _float
    if pa.types.is_decimal(kind):
        return _money
    if pa.types.is_date(kind):
        return _date
    if pa.types.is_timestamp(kind):
        return _stamp
    if pa.types.is_boolean(kind):
        return _boolean
    raise TypeError(f"{kind} is no type of a raw column")


def cast(table: Table, rows: Sequence[Row], *, where: str = "") -> Cast:
    """Type `rows` by `table.columns`.

    A row with a value that does not fit, or without a part of its key, is rejected
    whole. Unknown fields are kept as text and named. A key that comes twice is kept
    once, the last one (pages may repeat a row).
    """
    new = _unknown(table.columns, rows)
    kinds: dict[str, pa.DataType] = {**table.columns, **dict.fromkeys(new, pa.string())}
    bad: dict[int, Rejected] = {}
    columns = {
        name: _column(name, kind, rows, where, bad) for name, kind in kinds.items()
    }
    for number in range(len(rows)):
        if number in bad:
            continue
        for key in table.grain:
            if columns[key][number] is None:
                bad[number] = Rejected(where, number + 1, key, "", "a key is missing")
                break
    last: dict[tuple[Any, ...], int] = {}
    for number in range(len(rows)):
        if number not in bad:
            last[tuple(columns[key][number] for key in table.grain)] = number
    if len(last) == len(rows):
        kept: Iterable[int] | None = None
    else:
        kept = sorted(last.values())
    arrays = [
        pa.array(
            values if kept is None else [values[number] for number in kept],
            type=kinds[name],
        )
        for name, values in columns.items()
    ]
    return Cast(
        pa.Table.from_arrays(arrays, schema=arrow_schema(table, kinds)),
        [bad[number] for number in sorted(bad)],
        new,
    )


def arrow_schema(table: Table, kinds: Columns | None = None) -> pa.Schema:
    """The declared columns; what is part of the grain is never null."""
    return pa.schema(
        [
            pa.field(name, kind, nullable=name not in table.grain)
            for name, kind in (kinds or table.columns).items()
        ]
    )


def _unknown(columns: Columns, rows: Sequence[Row]) -> tuple[str, ...]:
    new: dict[str, None] = {}
    for row in rows:
        if not row.keys() <= columns.keys():
            new.update(dict.fromkeys(row.keys() - columns.keys()))
    return tuple(sorted(new))


def _column(
    name: str,
    kind: pa.DataType,
    rows: Sequence[Row],
    where: str,
    bad: dict[int, Rejected],
) -> list[Any]:
    convert = _converter(kind)
    values: list[Any] = []
    for number, row in enumerate(rows):
        value = row.get(name)
        if value in _MISSING and not isinstance(value, int | float):
            values.append(None)
            continue
        try:
            values.append(convert(value))
        except (ValueError, TypeError, OverflowError) as error:
            values.append(None)
            bad.setdefault(
                number,
                Rejected(where, number + 1, name, str(value)[:200], f"{kind}: {error}"),
            )
    return values
