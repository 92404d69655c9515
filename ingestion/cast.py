"""Rows of dictionaries -> typed Arrow, by the declared columns.

The fast way casts a column at once; only a column that fails is walked value by value to
find the rows to quarantine. Not here: zero or NULL for what is missing (the source knows).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.source import Rejected, Row
from ingestion.spec import Columns, Table

_MISSING = (None, "")
_TOO_MUCH = Decimal(10**14)


@dataclass(frozen=True, slots=True)
class Cast:
    """Typed rows, what was put aside, and columns nobody had declared."""

    rows: pa.Table
    rejected: list[Rejected]
    new_columns: tuple[str, ...] = ()


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError("a boolean is no count")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("not a whole number")
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
    if abs(number) >= _TOO_MUCH:
        raise ValueError("more than decimal(18, 4) holds")
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
        text = orjson.dumps(value).decode()
        if "null" not in text:
            return text
        return json.dumps(  # NaN is written as null otherwise
            value, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
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
    arrays = [_column(name, kind, rows, where, bad) for name, kind in kinds.items()]
    typed = dict(zip(kinds, arrays, strict=True))
    for key in table.grain:
        if typed[key].null_count:
            for number in pc.indices_nonzero(pc.is_null(typed[key])).to_pylist():
                bad.setdefault(
                    number, Rejected(where, number + 1, key, "", "a key is missing")
                )
    whole = pa.Table.from_arrays(arrays, names=list(kinds))
    keys = whole.select(table.grain)
    if bad or keys.group_by(list(table.grain)).aggregate([]).num_rows < len(rows):
        whole = whole.take(pa.array(_last(keys, bad), pa.int64()))
    return Cast(
        pa.Table.from_arrays(whole.columns, schema=arrow_schema(table, kinds)),
        [bad[number] for number in sorted(bad)],
        new,
    )


def _last(keys: pa.Table, bad: Mapping[int, Rejected]) -> list[int]:
    """The rows to keep: the last one of each key, none that is bad."""
    last: dict[tuple[Any, ...], int] = {}
    for number, key in enumerate(zip(*keys.to_pydict().values(), strict=True)):
        if number not in bad:
            last[key] = number
    return sorted(last.values())


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
) -> pa.Array:
    """A column at once, or value by value where one does not fit."""
    values = [row.get(name) for row in rows]
    at_once = _at_once(values, kind)
    if at_once is not None:
        return at_once
    convert = _converter(kind)
    typed: list[Any] = []
    for number, value in enumerate(values):
        if value in _MISSING and not isinstance(value, int | float):
            typed.append(None)
            continue
        try:
            typed.append(convert(value))
        except (ValueError, TypeError, OverflowError) as error:
            typed.append(None)
            bad.setdefault(
                number,
                Rejected(where, number + 1, name, str(value)[:200], f"{kind}: {error}"),
            )
    return pa.array(typed, type=kind)


def _at_once(values: list[Any], kind: pa.DataType) -> pa.Array | None:
    """The column, if all its values are of one simple kind that fits; else None."""
    kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.nulls(len(values), kind)
    if kinds == {str}:
        if pa.types.is_boolean(kind):
            return None
        texts = pa.array(values, pa.string())
        if pc.any(pc.equal(texts, "")).as_py():
            texts = pc.if_else(pc.equal(texts, ""), None, texts)
        if pa.types.is_string(kind):
            return texts
        return _from_text(texts, kind)
    if pa.types.is_string(kind) and kinds <= {list, dict}:
        return _nested(values)
    if pa.types.is_integer(kind) and kinds == {int}:
        return _tried(values, kind)
    if pa.types.is_floating(kind) and kinds <= {int, float}:
        return _finite(_tried(values, kind))
    return None


def _nested(values: list[Any]) -> pa.Array | None:
    """JSON text; None where a null is inside, which may have been NaN."""
    try:
        told = [None if each is None else orjson.dumps(each) for each in values]
    except TypeError:
        return None
    texts = pa.array(told, pa.binary()).cast(pa.string())
    return None if pc.any(pc.match_substring(texts, "null")).as_py() else texts


def _from_text(texts: pa.Array, kind: pa.DataType) -> pa.Array | None:
    if (
        pa.types.is_timestamp(kind)
        and not pc.all(pc.match_like(texts, "____-%")).as_py()
    ):
        return None  # epoch milliseconds
    if pa.types.is_date(kind) and pc.max(pc.binary_length(texts)).as_py() != 10:
        return None
    try:
        return _finite(texts.cast(kind))
    except pa.ArrowException:
        return None


def _tried(values: list[Any], kind: pa.DataType) -> pa.Array | None:
    try:
        return pa.array(values, type=kind)
    except (pa.ArrowException, OverflowError):
        return None


def _finite(column: pa.Array | None) -> pa.Array | None:
    if column is None or not pa.types.is_floating(column.type):
        return column
    return column if pc.all(pc.is_finite(column)).as_py() is not False else None
