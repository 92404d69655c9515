"""Reports that are coarser than days: shown as they are, added to nothing."""

from collections.abc import Sequence
from itertools import groupby

from warehouse.report import words
from warehouse.report.model import Page, Reported
from warehouse.report.numbers import NONE, count, dollars, known, short_day
from warehouse.report.text import trust as say
from warehouse.report.text.common import exact
from warehouse.report.views import Block, Column, Fact, Table


def blocks(page: Page) -> list[Block]:
    """One table per report and breakdown: a row per value, a column per metric."""

    def same(one: Reported) -> tuple[str, ...]:
        dates = (str(one.start), str(one.end))
        return (one.source, one.account_id, one.report, *dates, one.breakdown)

    if not page.reported:
        return []
    folded = []
    for _, group in groupby(sorted(page.reported, key=same), key=same):
        folded.append(_one_report(list(group)))
    reports = {same(one)[:5] for one in page.reported}
    facts = [Fact(say.reported(len(reports)))]
    return [Block(heading="Reports without days", facts=facts, folded=folded)]


def _one_report(found: list[Reported]) -> tuple[str, Table]:
    first = found[0]
    metrics = list(dict.fromkeys(one.metric for one in found))
    values = {(one.breakdown_value, one.metric): one for one in found}
    shown = [one.breakdown_value for one in found if one.metric == metrics[0]]
    days = (
        f", {short_day(first.start)} to {short_day(first.end)}"
        if first.start and first.end
        else ""
    )
    by = words.plain(first.breakdown).lower() if first.breakdown else ""
    report = words.plain(first.report)
    by = f", by {by}" if by and by not in report.lower() else ""
    title = f"{words.platform(first.source)}: {report}{by}{days}"
    if first.rows > len(shown):
        title += f" ({len(shown)} of {count(first.rows)} rows)"
    table = Table(
        caption=title,
        columns=[
            Column(words.plain(first.breakdown) if first.breakdown else "Total"),
            *(Column(_metric(metric, found), is_number=True) for metric in metrics),
        ],
        rows=[
            [
                value or "all",
                *(_amount(values.get((value, metric))) for metric in metrics),
            ]
            for value in shown
        ],
        source="published.reported_totals",
    )
    return title, table


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
