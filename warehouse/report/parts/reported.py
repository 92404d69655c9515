"""Reports that are coarser than days: shown as they are, added to nothing."""

import json
from collections.abc import Sequence
from itertools import groupby

from warehouse.report import words
from warehouse.report.model import Page, Reported
from warehouse.report.numbers import NONE, count, dollars, known, plural, short_day
from warehouse.report.text import trust as say
from warehouse.report.text.common import exact
from warehouse.report.views import Block, Column, Fact, Table


def blocks(page: Page) -> list[Block]:
    """One table per report and breakdown: a row per value, a column per metric."""

    if not page.reported:
        return []
    folded = [_one_report(list(group)) for _, group in groupby(page.reported, _same)]
    facts = [Fact(say.reported(len(folded)))]
    return [Block(heading="Reports without days", facts=facts, folded=folded)]


def _same(one: Reported) -> tuple[str, ...]:
    return (one.source, one.account_id, one.report, one.breakdown)


def _one_report(found: list[Reported]) -> tuple[str, Table]:
    first = found[0]
    metrics = list(dict.fromkeys(one.metric for one in found))
    values = list(dict.fromkeys(one.breakdown_value for one in found))
    cells = {(one.breakdown_value, one.metric): one for one in found}
    title = _title(first, shown=len(values))
    table = Table(
        caption=title,
        columns=[
            Column(words.plain(first.breakdown) if first.breakdown else "Total"),
            *(Column(_metric(metric, found), is_number=True) for metric in metrics),
        ],
        rows=[
            [
                _parts(value),
                *(_amount(cells.get((value, metric))) for metric in metrics),
            ]
            for value in values
        ],
        source="published.reported_totals",
    )
    return title, table


def _title(first: Reported, *, shown: int) -> str:
    """Which report, by what, of which days, and how much of it."""
    report = words.plain(first.report)
    parts = [part.strip() for part in first.breakdown.split(",") if part.strip()]
    new = [
        name
        for name in (words.plain(part).lower() for part in parts)
        if name not in report.lower()
    ]
    by = f" by {', '.join(new)}" if new else ""
    days = ""
    if first.start and first.end:
        days = f", {short_day(first.start)} to {short_day(first.end)}"
        if first.start == first.end:
            days = f", {short_day(first.end)}"
    notes = []
    if first.rows > shown:
        notes.append(f"{shown} of {plural(first.rows, 'row')}")
    if first.periods > 1:
        notes.append(f"the last of {plural(first.periods, 'period')}")
    more = f" ({', '.join(notes)})" if notes else ""
    return f"{words.platform(first.source)}: {report}{by}{days}{more}"


def _parts(value: str) -> str:
    """Several breakdowns at once come as a JSON list."""
    if value.startswith("["):
        try:
            return ", ".join(str(part) for part in json.loads(value))
        except ValueError:
            return value
    return value or "all"


def _metric(metric: str, found: Sequence[Reported]) -> str:
    units = {one.unit for one in found if one.metric == metric and one.unit}
    extra = sorted(units - {"count", "share"})
    return f"{words.plain(metric)}{', ' + extra[0] if extra else ''}"


def _amount(one: Reported | None) -> str:
    if one is None or known(one.amount) is None:
        return NONE
    if one.unit == "share":
        return exact("share", one.amount)
    return (
        count(one.amount or 0.0) if one.unit == "count" else dollars(one.amount or 0, 2)
    )
