"""Rows by the million go past dlt's files: whole or not at all, and little held at a time."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ingestion.bulk import into
from warehouse import db
from warehouse.settings import Settings

TABLE = "raw_bulk.events"
ROWS = 200_000
SETTINGS = "select current_setting('memory_limit'), current_setting('preserve_insertion_order')"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path)
    with db.writer(made.warehouse_path) as con:
        con.execute("create schema raw_bulk")
        con.execute(
            f"create table {TABLE} "
            "(account_id varchar, file varchar, n bigint, _dlt_load_id varchar)"
        )
    return made


def chunk(file: str, rows: int) -> pa.Table:
    return pa.table(
        {
            "account_id": pa.array(["a"] * rows),
            "file": pa.array([file] * rows),
            "n": pa.array(range(rows), pa.int64()),
        }
    )


def told(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with db.reader(settings.warehouse_path) as con:
        return con.execute(query).fetchall()


def test_file_that_comes_again_takes_the_place_of_its_rows(settings: Settings) -> None:
    into(settings, TABLE, iter([chunk("one", 3), chunk("two", 2)]), "1")
    into(settings, TABLE, iter([chunk("one", 1)]), "2")
    found = told(
        settings,
        f"select file, count(*), max(_dlt_load_id) from {TABLE} group by 1 order by 1",
    )
    assert found == [("one", 1, "2"), ("two", 2, "1")]


def test_chunks_are_let_go_before_the_last_one_has_come(settings: Settings) -> None:
    held: list[int] = []

    def rows() -> Iterator[pa.Table]:
        for number in range(6):
            held.append(pa.total_allocated_bytes())
            yield chunk(f"f{number}", ROWS)

    into(settings, TABLE, rows(), "1")
    one = chunk("f", ROWS).nbytes
    assert held[-1] - held[0] < 2 * one, held  # six are kept where one is registered
    assert told(settings, f"select count(*) from {TABLE}") == [(6 * ROWS,)]


def test_broken_load_changes_neither_rows_nor_settings(settings: Settings) -> None:
    into(settings, TABLE, iter([chunk("one", 3)]), "1")

    def rows() -> Iterator[pa.Table]:
        yield chunk("one", 1)
        raise RuntimeError("the last byte is missing")

    with db.held(settings.warehouse_path):  # as in a run: what was set would stay set
        before = told(settings, SETTINGS)
        with pytest.raises(RuntimeError, match="last byte"):
            into(settings, TABLE, rows(), "2")
        assert told(settings, SETTINGS) == before
        with pytest.raises(duckdb.Error):
            into(settings, "raw_bulk.nowhere", iter([chunk("one", 1)]), "3")
        assert told(settings, SETTINGS) == before
    assert told(settings, f"select count(*), max(_dlt_load_id) from {TABLE}") == [
        (3, "1")
    ]
