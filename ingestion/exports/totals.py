"""Reports coarser than the API's grain -> rows of `reported_totals`, one per metric.

They are kept whole and apart: never mixed into daily facts, never added to another
report's. An empty cell is no row: none and not tracked look alike.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ingestion.errors import ExportUnreadable
from ingestion.exports import cells
from ingestion.exports.body import Body, Told, sums_up
from ingestion.exports.pieces import Piece, piece
from ingestion.exports.recognise import in_brackets
from ingestion.exports.shapes import Form, Metric, Read, Totals
from ingestion.spec import DATE, FLOAT, INT, Table

TOTAL = "total"
_FILLED = (
    "report",
    "period_start",
    "period_end",
    "breakdown",
    "breakdown_value",
    "metric",
    "amount",
    "unit",
)


def totals(body: Body, form: Form, feed: Totals, table: Table, told: Told) -> Piece:
    """The row that sums the others up is a breakdown of its own, `total`.

    Where the days are the breakdown, or it names no day where the others do, that row is
    left out: it spans them all.
    """
    by = {
        name: at
        for name, heading in feed.breakdowns.items()
        if (at := body.place(heading)) is not None
    }
    day = body.place(feed.starts)
    keys = [[line[at].strip() for at in by.values()] for line in body.lines]
    sums = [not key or sums_up(form, key) for key in keys]
    over = [
        number
        for number, is_sum in enumerate(sums)
        if not (is_sum and _spans_days(body.lines[number], day, by.values()))
    ]
    starts, ends = _periods(body, feed, told, over)
    labels = [
        TOTAL if sums[number] else _spelled(keys[number], by.values(), day, start)
        for number, start in zip(over, starts, strict=True)
    ]
    told_apart = {"type": "web", **told.names, "by": "_and_".join(by)}
    report = feed.report.format_map(told_apart)
    lines: list[int] = []
    values: dict[str, list[Any]] = {name: [] for name in _FILLED}
    for metric in feed.metrics:
        for at, *amount in _amounts(body, metric, over):
            breakdown = TOTAL if sums[over[at]] else ", ".join(by)
            row = (report, starts[at], ends[at], breakdown, labels[at], *amount)
            for column, value in zip(_FILLED, row, strict=True):
                values[column].append(value)
            lines.append(over[at])
    return piece(body, form.source, table, values, lines, ("period_end",))


def _spans_days(line: Sequence[str], day: int | None, by: Iterable[int]) -> bool:
    """Whether a row that sums the others up does so over their days."""
    return day is not None and (day in by or cells.says_nothing(line[day]))


def _spelled(
    key: Sequence[str], places: Iterable[int], day: int | None, start: date
) -> str:
    """One value as it stands, several as a JSON list in the order of `breakdown`."""
    told = [
        start.isoformat() if at == day else cell
        for at, cell in zip(places, key, strict=True)
    ]
    return told[0] if len(told) == 1 else json.dumps(told, ensure_ascii=False)


def _amounts(
    body: Body, metric: Metric, over: Sequence[int]
) -> list[tuple[int, str, float, str]]:
    """(place in `over`, metric, amount, unit) of the cells that say something."""
    at = body.place(metric.heading)
    by = body.place(metric.by)
    if at is None or (metric.by and by is None):
        return []
    unit = metric.unit
    if unit == "money":
        told = in_brackets(metric.heading, body.known.headings[at])
        unit = told.upper() if told else "native"
    kind = INT if unit == "count" else FLOAT
    spoken: Read | None = "duration" if unit == "seconds" else None
    read = cells.reader(kind, body.formats, spoken)
    made = []
    for place_in, amount in enumerate(body.column(at, read, over)):
        if amount is None:
            continue
        name = metric.name
        if by is not None:
            said = body.lines[over[place_in]][by].strip().removeprefix("actions:")
            name = f"{name}:{said or 'unknown'}"
        made.append((place_in, name, float(amount), unit))
    return made


def _periods(
    body: Body, feed: Totals, told: Told, over: Sequence[int]
) -> tuple[list[date], list[date]]:
    first, last = body.place(feed.starts), body.place(feed.ends)
    if first is None:
        period = body.formats.period or told.period
        if period is None:
            raise ExportUnreadable(
                body.name,
                why="does not say of which days it is",
                remedy="put the file by day of the same export beside it, or set "
                "`period: {first: 2026-01-01, last: 2026-01-31}` for this pattern in "
                "exports.yml",
            )
        return [period[0]] * len(over), [period[1]] * len(over)
    read = cells.reader(DATE, body.formats)
    starts = body.column(first, read, over)
    ends = starts if last is None else body.column(last, read, over)
    for number, *days in zip(over, starts, ends, strict=True):
        if None in days:
            raise ExportUnreadable(
                body.name,
                row=body.numbers[number],
                why="has no day",
                remedy="export the file again",
            )
    return starts, ends
