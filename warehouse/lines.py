"""Any file of rows of one's own, CSV or Parquet, as a table of text with numbered rows.

What cannot be read is refused with file, row or column, value and remedy. Not here: what the
rows mean (attribution/, incrementality/).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

NUMBER = "row_number"


class FileRefused(ValueError):
    """A file cannot be counted; the message names file, row or column, value, remedy."""


def lines(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    needed: Sequence[str],
    optional: Sequence[str] = (),
) -> list[str]:
    """The file as temp table lines_<name>, all text without spaces around it, rows
    numbered as a reader counts them.

    The heading is row 1. Returns the columns beyond those named. Raises: FileRefused.
    """
    if not path.is_file():
        raise FileRefused(f"{path} is no file: name a CSV or Parquet file of {name}")
    if path.stat().st_size == 0:
        raise FileRefused(f"{path} is empty: write a header and the rows of {name}")
    with _readable(path, name):
        if path.suffix.lower() in (".parquet", ".pq"):
            source = con.read_parquet(str(path))
        else:
            source = con.read_csv(str(path), header=True, all_varchar=True)
    missing = [column for column in needed if column not in source.columns]
    if missing:
        raise FileRefused(
            f"{path} lacks the column {missing[0]}: it has "
            f"{', '.join(source.columns)}; a file of {name} has {', '.join(needed)}"
        )
    if NUMBER in source.columns:
        raise FileRefused(f"{path} has a column {NUMBER}, which is ours: rename it")
    more = [c for c in source.columns if c not in needed and c not in optional]
    told = ", ".join(
        f"{_trimmed(quoted(c))} as {quoted(c)}"
        if c in source.columns
        else f"cast(null as varchar) as {quoted(c)}"
        for c in (*needed, *optional, *more)
    )
    with _readable(path, name):
        source.create_view("given_lines")
        con.execute(
            f"create or replace temp table lines_{name} as "
            f"select row_number() over () + 1 as {NUMBER}, {told} from given_lines"
        )
        con.execute("drop view given_lines")
    if not con.execute(f"from lines_{name} limit 1").fetchone():
        raise FileRefused(
            f"{path} has a header and no rows: there are no {name} to count"
        )
    return more


@contextmanager
def _readable(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise FileRefused(
            f"{path} is no CSV or Parquet file of {name} with a header: {said}"
        ) from None


def _trimmed(column: str) -> str:
    """To look for a space is ten times as fast as to trim where there is none."""
    text = f"cast({column} as varchar)"
    return (
        f"case when prefix({text}, ' ') or suffix({text}, ' ') "
        f"then trim({text}) else {text} end"
    )


def quoted(column: str) -> str:
    """A column as SQL names it, whatever its name holds."""
    return '"' + column.replace('"', '""') + '"'


def refuse(con: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    """`query` gives (row number, fault), the worst first. Raises: FileRefused."""
    bad = con.execute(query).fetchone()
    if bad:
        raise FileRefused(f"{path}, row {bad[0]}: {bad[1]}")
