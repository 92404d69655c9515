"""Typing rows: what fits, what is put aside, what is new."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.spec import BOOL, DATE, FLOAT, INT, JSON, MONEY, STAMP, TEXT, Table

KINDS = {
    "account_id": TEXT,
    "id": TEXT,
    "day": DATE,
    "count": INT,
    "rate": FLOAT,
    "spend": MONEY,
    "at": STAMP,
    "on": BOOL,
    "nested": JSON,
}
TABLE = Table("rows", KINDS, grain=("account_id", "id"))


def row(**values: Any) -> dict[str, Any]:
    return {"account_id": "a", "id": "1", **values}


def test_strings_of_the_platforms_become_what_they_mean() -> None:
    given = row(
        day="2026-05-01",
        count="12",
        rate="0.5",
        spend="3.20",
        at="2026-05-01T10:00:00+02:00",
        on="true",
        nested=[{"a": 1}],
    )
    (typed,) = cast(TABLE, [given]).rows.to_pylist()
    assert typed["day"] == date(2026, 5, 1)
    assert typed["count"] == 12
    assert typed["spend"] == Decimal("3.2000")
    assert typed["at"] == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert typed["on"] is True
    assert typed["nested"] == '[{"a":1}]'


def test_epoch_milliseconds_are_times() -> None:
    (typed,) = cast(TABLE, [row(at="1793491200000")]).rows.to_pylist()
    assert typed["at"] == datetime(2026, 11, 1, tzinfo=UTC)  # 1793491200 s


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("count", "n/a"),
        ("count", "1.5"),
        ("count", 1.5),
        ("count", True),
        ("count", 2**63),
        ("count", "99999999999999999999"),
        ("rate", "NaN"),
        ("rate", float("inf")),
        ("spend", "1.234,56"),
        ("spend", "NaN"),
        ("day", "01.05.2026"),
        ("day", "2026-02-30"),
        ("at", "2026-05-01T10:00:00"),
        ("on", "perhaps"),
    ],
)
def test_a_value_that_does_not_fit_puts_its_row_aside(column: str, value: Any) -> None:
    done = cast(TABLE, [row(), row(id="2", **{column: value})], where="page 1")
    assert [kept["id"] for kept in done.rows.to_pylist()] == ["1"]
    (bad,) = done.rejected
    assert (bad.where, bad.row_number, bad.column) == ("page 1", 2, column)
    assert bad.value == str(value)


def test_a_row_without_its_key_is_put_aside() -> None:
    done = cast(TABLE, [row(id=None)])
    assert done.rows.num_rows == 0
    assert done.rejected[0].reason == "a key is missing"


def test_a_key_that_comes_twice_is_kept_once_the_last_one() -> None:
    done = cast(TABLE, [row(count=1), row(id="2"), row(count=3)])
    assert {(r["id"], r["count"]) for r in done.rows.to_pylist()} == {
        ("1", 3),
        ("2", None),
    }
    assert done.rejected == []


def test_an_unknown_field_is_kept_as_text_and_named() -> None:
    done = cast(TABLE, [row(extra={"a": 1}), row(id="2")])
    assert done.new_columns == ("extra",)
    assert [r["extra"] for r in done.rows.to_pylist()] == ['{"a":1}', None]


def test_missing_is_null_and_zero_is_zero() -> None:
    typed = cast(TABLE, [row(count=0), row(id="2")]).rows.to_pylist()
    assert [r["count"] for r in typed] == [0, None]
