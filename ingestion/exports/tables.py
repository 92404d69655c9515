"""A recognised file -> typed rows of raw tables, a row of the file a row of the table.

A value that cannot be read refuses its file, since the rest may be misread too. Not here:
reports of totals (totals), what two files tell alike (conflicts).
"""

from typing import Any

from ingestion.exports import cells
from ingestion.exports.body import Body, Told, sums_up
from ingestion.exports.pieces import Piece, is_day, piece
from ingestion.exports.recognise import Recognised, in_brackets
from ingestion.exports.shapes import Cell, Form, Formats, Rows, Totals
from ingestion.exports.totals import totals
from ingestion.registry import sources
from ingestion.spec import INT, TEXT, Table


def stage(form: Form) -> int:
    """The order in which files of one export are read: what tells the others first."""
    if form.tells is not None:
        return 0
    dated = all(not isinstance(feed, Totals) or feed.starts for feed in form.feeds)
    return 1 if dated else 2


def read_tables(
    known: Recognised, formats: Formats, account: str, told: Told
) -> list[Piece]:
    """The rows of all raw tables that the file feeds.

    Raises: ExportUnreadable with the row, the value and the remedy.
    """
    body = Body.read(known, formats, account)
    made: list[Piece] = []
    for form in known.forms:
        if form.tells is not None:
            told.names.update(form.tells(body))
        for feed in form.feeds:
            table = sources()[form.source].SPEC[feed.table]
            if isinstance(feed, Totals):
                made.append(totals(body, form, feed, table, told))
            elif _has_key(body, feed, table):
                made.append(_rows(body, form, feed, table, told))
    return made


def _has_key(body: Body, feed: Rows, table: Table) -> bool:
    """A deals export need not say whose deals they are: then it feeds no pairs."""
    keys = [cell.heading for name, cell in feed.columns.items() if name in table.grain]
    return all(body.place(key) is not None for key in keys if key)


def _rows(body: Body, form: Form, feed: Rows, table: Table, told: Told) -> Piece:
    keys = [feed.columns[name].heading for name in table.grain if name in feed.columns]
    key = [at for heading in keys if (at := body.place(heading)) is not None]
    over = [
        number
        for number, line in enumerate(body.lines)
        if not (key and sums_up(form, [line[at] for at in key]))
    ]
    over, values = _parted(body, feed, over)
    for name, cell in feed.columns.items():
        if name not in values:
            read = _column(body, table, name, cell, over, told)
            if read is not None:
                values[name] = read
    days = feed.days or [n for n in values if is_day(table.columns[n])]
    return piece(body, form.source, table, values, over, days)


def _column(
    body: Body, table: Table, name: str, cell: Cell, over: list[int], told: Told
) -> list[Any] | None:
    """None where the file has no such heading: the column stays null, never 0."""
    if not cell.heading:
        value = told.names.get(cell.told, cell.value)
        if isinstance(value, str):
            value = cells.reader(table.columns[name], body.formats)(value)
        return [value] * len(over)
    at = body.place(cell.heading)
    if at is None:
        return None
    told_in = in_brackets(cell.heading, body.known.headings[at])
    if cell.read == "currency" and told_in:
        return [told_in.upper()] * len(over)
    kind = TEXT if cell.wrap else table.columns[name]
    if cell.read == "count":
        kind = INT
    read = cells.reader(kind, body.formats, cell.read, cell.times)
    values = body.column(at, read, over)
    if cell.wrap is None:
        return values
    return [None if value is None else cell.wrap(value) for value in values]


def _parted(
    body: Body, feed: Rows, over: list[int]
) -> tuple[list[int], dict[str, list[Any]]]:
    """One row for each value of a cell that holds several; none for an empty cell."""
    for name, cell in feed.columns.items():
        at = body.place(cell.heading) if cell.parted_by else None
        if at is not None:
            pairs = [
                (number, part.strip())
                for number in over
                for part in body.lines[number][at].split(cell.parted_by)
                if part.strip()
            ]
            return [number for number, _ in pairs], {name: [part for _, part in pairs]}
    return over, {}
