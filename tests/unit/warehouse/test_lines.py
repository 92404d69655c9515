"""One reader for every file of one's own: what it takes, and what it refuses in words."""

from pathlib import Path

import duckdb
import pytest

from warehouse.lines import FileRefused, lines


def read(path: Path, needed: tuple[str, ...] = ("day", "value")) -> list[object]:
    with duckdb.connect() as con:
        more = lines(con, path, "things", needed)
        rows = con.execute("select * from lines_things order by row_number").fetchall()
    return [more, *rows]


def test_rows_are_text_and_numbered_under_the_heading(tmp_path: Path) -> None:
    file = tmp_path / "things.csv"
    file.write_text("value,day\n007,2026-01-01\n,2026-01-02\n", encoding="utf-8")
    assert read(file) == [[], (2, "2026-01-01", "007"), (3, "2026-01-02", None)]


def test_column_may_be_called_what_it_likes(tmp_path: Path) -> None:
    file = tmp_path / "things.parquet"
    with duckdb.connect() as con:
        con.execute(
            """copy (select 1 as day, 2.5 as value, 3 as "a""b; drop table x")"""
            f" to '{file}' (format parquet)"
        )
    assert read(file) == [['a"b; drop table x'], (2, "1", "2.5", "3")]


@pytest.mark.parametrize(
    ("name", "bytes_", "said"),
    [
        ("things.csv", b"", "is empty: write a header and the rows of things"),
        ("things.csv", b"\xff\xfed\x00a\x00", "is no CSV or Parquet file of things"),
        ("things.csv", b"day,value\n", "has a header and no rows: there are no things"),
        ("things.csv", b"day\n1\n", "lacks the column value: it has day; a file of"),
        ("things.csv", b"day,value,row_number\n1,2,3\n", "which is ours: rename it"),
        ("things.parquet", b"PAR1 cut off", "is no CSV or Parquet file of things"),
    ],
)
def test_file_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, name: str, bytes_: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(bytes_)
    with pytest.raises(FileRefused, match=said) as refused:
        read(file)
    assert str(refused.value).startswith(str(file))
    assert "\n" not in str(refused.value)


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is no file: name a CSV or Parquet file"):
        read(tmp_path)
