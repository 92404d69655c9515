"""Loading: windows replaced whole, lists guarded, bad rows counted, nothing doubled."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.errors import ShrunkenList, source_error
from ingestion.pipeline import Loaded, load
from ingestion.source import Ask, Batch
from ingestion.spec import DATE, INT, TEXT, SourceSpec, Table
from ingestion.windows import Window
from warehouse.settings import Settings

DAILY = Table(
    "daily",
    {"account_id": TEXT, "id": TEXT, "day": DATE, "n": INT},
    grain=("account_id", "id", "day"),
    replaced_by=("account_id", "day"),
    window_column="day",
)
LISTED = Table("listed", {"account_id": TEXT, "id": TEXT}, grain=("account_id", "id"))
KEYED = Table(
    "keyed",
    {"account_id": TEXT, "id": TEXT, "n": INT},
    grain=("account_id", "id"),
    replaced_by=("account_id", "id"),
)
SPEC = SourceSpec("demo", "paid", "Demo", (DAILY, LISTED, KEYED), "UTC", 0, 7)
ACCOUNT = "it's {1}"  # quotes and braces must survive the predicate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def put(
    settings: Settings,
    table: str,
    rows: list[dict[str, Any]],
    days: tuple[int, int] = (1, 4),
    known: int = 0,
    lists: Mapping[str, str] | None = None,
) -> Loaded:
    window = Window(date(2026, 1, days[0]), date(2026, 1, days[1]))

    def batches() -> Iterator[Batch]:
        yield Batch(ACCOUNT, [{"account_id": ACCOUNT, **row} for row in rows], "page")

    ask = Ask((ACCOUNT,), window, date(2026, 1, 31))
    counts = {table: {ACCOUNT: known}} if known else {}
    return load(SPEC, settings, {table: batches()}, ask, counts, lists)


def read(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        return con.sql(sql).fetchall()


def day(number: int, n: int = 1) -> dict[str, Any]:
    return {"id": "x", "day": f"2026-01-0{number}", "n": n}


def test_a_reread_window_is_replaced_emptied_days_included(settings: Settings) -> None:
    put(settings, "daily", [day(1), day(2), day(3), day(4)], days=(1, 5))
    put(settings, "daily", [day(3, n=9)], days=(2, 4))
    # day 1 and 4 lie outside [2, 4); day 2 was taken away, day 3 restated
    rows = read(settings, "select day, n from raw_demo.daily order by day")
    assert [(d.day, n) for d, n in rows] == [(1, 1), (3, 9), (4, 1)]


def test_an_empty_answer_empties_its_window(settings: Settings) -> None:
    put(settings, "daily", [day(1), day(2)])
    put(settings, "daily", [])
    assert read(settings, "select count(*) from raw_demo.daily") == [(0,)]


def test_loading_the_same_again_changes_nothing(settings: Settings) -> None:
    for _ in range(2):
        put(settings, "daily", [day(1), day(2)])
        put(settings, "keyed", [{"id": "1", "n": 1}])
    assert read(settings, "select count(*) from raw_demo.daily") == [(2,)]
    assert read(settings, "select count(*) from raw_demo.keyed") == [(1,)]


def test_a_keyed_table_keeps_what_did_not_come(settings: Settings) -> None:
    put(settings, "keyed", [{"id": "1", "n": 1}, {"id": "2", "n": 2}])
    put(settings, "keyed", [{"id": "2", "n": 5}])
    rows = read(settings, "select id, n from raw_demo.keyed order by id")
    assert rows == [("1", 1), ("2", 5)]


def test_tables_nobody_fills_exist_empty_and_typed(settings: Settings) -> None:
    load(SPEC, settings, {}, Ask((), Window(date.min, date.min), date.min), {})
    kinds = read(
        settings,
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'raw_demo' and table_name = 'daily'",
    )
    assert ("day", "DATE") in kinds
    assert ("n", "BIGINT") in kinds


def test_a_list_that_shrinks_by_more_than_a_fifth_is_refused(
    settings: Settings,
) -> None:
    put(settings, "listed", [{"id": str(i)} for i in range(20)])
    with pytest.raises(Exception) as caught:
        put(settings, "listed", [{"id": str(i)} for i in range(15)], known=20)
    reason = source_error(caught.value)
    assert isinstance(reason, ShrunkenList)
    assert "--accept-shrink" in str(reason)
    assert read(settings, "select count(*) from raw_demo.listed") == [(20,)]


def test_a_failed_load_does_not_stand_in_the_next_ones_way(settings: Settings) -> None:
    put(settings, "listed", [{"id": str(i)} for i in range(20)])
    with pytest.raises(Exception):  # noqa: B017 - dlt's own wrapper
        put(settings, "listed", [], known=20)
    put(settings, "listed", [{"id": str(i)} for i in range(21)], known=20)
    assert read(settings, "select count(*) from raw_demo.listed") == [(21,)]


def test_a_bad_row_is_counted_and_a_new_column_kept(settings: Settings) -> None:
    loaded = put(settings, "daily", [{**day(1), "extra": "e"}, {**day(2), "n": "many"}])
    assert loaded.quarantined == 1
    assert loaded.new_columns == {"daily": ("extra",)}
    assert read(settings, "select extra from raw_demo.daily") == [("e",)]


def test_a_list_that_came_unchanged_is_not_written_again(settings: Settings) -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    first = put(settings, "listed", rows)
    again = put(settings, "listed", rows, known=2, lists=first.lists)
    assert again.rows == first.rows  # it was read all the same
    assert read(settings, "select distinct _dlt_load_id from raw_demo.listed") == [
        (first.load_id,)
    ]


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ([{"id": "a"}, {"id": "c"}], 2),  # another row
        ([{"id": "a"}], 2),  # one less
        ([{"id": "a"}, {"id": "b"}], 0),  # the warehouse lost them
    ],
)
def test_a_list_that_differs_is_written(
    settings: Settings, rows: list[dict[str, Any]], known: int
) -> None:
    first = put(settings, "listed", [{"id": "a"}, {"id": "b"}])
    put(settings, "listed", rows, known=known, lists=first.lists)
    written = read(settings, "select id, _dlt_load_id from raw_demo.listed order by id")
    assert [(id_,) for id_, _ in written] == [(row["id"],) for row in rows]
    assert first.load_id not in {load_id for _, load_id in written}
