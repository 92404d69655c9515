"""What is believed of channels, from a file: `channel, estimate, sd, spend`.

`estimate` and `sd` are outcomes over all days and regions of the outcomes they are planned
with; `spend` is what the same days cost. Not here: choosing (choose.py).
"""

from pathlib import Path

import duckdb

from warehouse.incrementality.choose import Channel
from warehouse.lines import FileRefused, lines

COLUMNS = ("channel", "estimate", "sd", "spend")


def read_channels(path: Path) -> list[Channel]:
    """The channels of a CSV or Parquet file.

    Raises: FileRefused (file, row, value and remedy).
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        lines(con, path, "channels", COLUMNS)
        rows = con.execute(
            "select row_number, trim(channel), estimate, sd, spend from lines_channels "
            "order by row_number"
        ).fetchall()
    found: list[Channel] = []
    for line, name, *written in rows:
        if not name:
            raise FileRefused(f"{path}, row {line}: channel is empty: name it")
        if name in (each.channel for each in found):
            raise FileRefused(
                f"{path}, row {line}: {name} stands twice: give one row per channel"
            )
        pairs = zip(COLUMNS[1:], written, strict=True)
        figures = [_figure(path, line, column, text) for column, text in pairs]
        found.append(Channel(name, *figures))
    return found


def _figure(path: Path, line: int, column: str, text: str | None) -> float:
    try:
        value = float(text or "empty")
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise FileRefused(
            f"{path}, row {line}: {column} is {text or 'empty'}: write a number like "
            "1234.5, 0 or more"
        )
    return value
