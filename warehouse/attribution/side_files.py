"""Small files beside the touches: what channels are, what was delivered, lift tests.

Not here: touches, conversions, people (touch_files.py); guesses by name (naming.py).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse.attribution.naming import FLAGS, Flags
from warehouse.lines import FileRefused, lines

YES, NO = {"true", "t", "yes", "y", "1"}, {"false", "f", "no", "n", "0", ""}


def flags(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Flags]:
    lines(con, path, "channels", ("channel",), FLAGS)
    rows = con.execute(
        f"select row_number, trim(channel), {', '.join(FLAGS)} from lines_channels "
        "order by row_number"
    ).fetchall()
    found: dict[str, Flags] = {}
    for row, channel, *cells in rows:
        if not channel or channel in found:
            fault = f"{channel} is listed twice" if channel else "channel is empty"
            raise FileRefused(f"{path}, row {row}: {fault}: one row per channel")
        truths = []
        for name, cell in zip(FLAGS, cells, strict=True):
            text = (cell or "").strip().lower()
            if text not in YES | NO:
                raise FileRefused(
                    f"{path}, row {row}: {name} is {cell}: write true or false"
                )
            truths.append(text in YES)
        found[channel] = Flags(*truths)
    return found


def delivered_of(
    con: duckdb.DuckDBPyConnection, path: Path | None, known: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Channel -> (delivered, logged)."""
    found: dict[str, tuple[float, float]] = {}
    if path is None:
        return found
    for row, channel, delivered, logged in _figures(
        con, path, "delivered", ("delivered", "logged"), known
    ):
        if not 0 < logged <= delivered:
            raise FileRefused(
                f"{path}, row {row}: logged is {logged:g} of {delivered:g} delivered: "
                "some must be logged, and no more than were delivered"
            )
        if channel in found:
            raise FileRefused(
                f"{path}, row {row}: {channel} is listed twice: one row per channel"
            )
        found[channel] = (delivered, logged)
    return found


def lift_tests(
    con: duckdb.DuckDBPyConnection, path: Path | None, flags: Mapping[str, Flags]
) -> list[tuple[str, float, float]]:
    """(channel, conversions the test found, standard error)."""
    if path is None:
        return []
    found = []
    for row, channel, lift, se in _figures(
        con, path, "lift_tests", ("incremental_conversions", "se"), list(flags)
    ):
        if flags[channel].is_null:
            raise FileRefused(
                f"{path}, row {row}: {channel} counts as a sign of intent that moves "
                "nobody, so no test can move it: give it is_null false in --channels"
            )
        if se <= 0:
            raise FileRefused(
                f"{path}, row {row}: se is {se:g}: a test without error is none, write "
                "its standard error"
            )
        found.append((channel, lift, se))
    return found


def _figures(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    columns: tuple[str, str],
    known: Sequence[str],
) -> list[tuple[int, str, float, float]]:
    """Rows of (row number, channel, figure, figure), each channel a touched one."""
    lines(con, path, name, ("channel", *columns))
    first, second = columns
    rows = con.execute(
        f"select row_number, trim(channel), {first}, try_cast({first} as double), "
        f"{second}, try_cast({second} as double) from lines_{name} order by row_number"
    ).fetchall()
    found = []
    for row, channel, *cells in rows:
        if channel not in known:
            raise FileRefused(
                f"{path}, row {row}: no touch has the channel {channel or '(empty)'}: "
                f"the channels are {', '.join(known)}"
            )
        for column, text, figure in zip(columns, cells[::2], cells[1::2], strict=True):
            if figure is None or not abs(figure) < float("inf"):
                raise FileRefused(
                    f"{path}, row {row}: {column} is {text or 'empty'}, no number: "
                    "write 1234.5"
                )
        found.append((row, channel, cells[1], cells[3]))
    return found
