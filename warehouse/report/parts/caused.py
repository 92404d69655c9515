"""What would not have come without it: the causal method, beside last touch."""

from warehouse.report import charts, words
from warehouse.report.model import Caused, Page
from warehouse.report.numbers import count, two
from warehouse.report.parts import lifts
from warehouse.report.text import caused as say
from warehouse.report.views import Block, Cell, Column, Fact, Figure, Table

LEAST = 0.5  # leads: what neither method gives as many stays in the warehouse
HEADING = "What would not have come without it"


def block(page: Page) -> Block:
    rows = [one for one in page.caused if max(one.high, one.last) >= LEAST]
    paid = {one.channel for one in page.channels if one.is_paid}
    reasons = [say.overrated(rows, paid), say.underrated(rows)]
    facts = [say.whole(page.caused_leads), *(each for each in reasons if each)]
    table = _table(rows)
    figure = _figure(rows, table)
    return Block(
        heading=HEADING,
        facts=[*(Fact(each) for each in facts), *lifts.facts(page)],
        figure=figure,
        tables=[*([] if figure or not rows else [table]), *lifts.tables(page)],
    )


def _figure(rows: list[Caused], table: Table) -> Figure | None:
    return charts.ranges(
        "caused",
        [
            charts.Bar(
                label=say.label(one),
                low=one.low,
                high=one.high,
                shown=f"{two(one.low)} to {two(one.high)}",
                mark=one.leads,
            )
            for one in rows
        ],
        finding=say.finding(rows),
        note="Leads that would not have come, from the lower to the upper end of what is "
        "likely (5 % to 95 %), the tick at the mean. What is bought region by region is "
        "told by its flights, views without a click included; the rest by visits, where "
        "only what this browser met counts; lift tests correct both.",
        axis="~s",
        table=table,
    )


def _table(rows: list[Caused]) -> Table:
    return Table(
        caption="Leads added, and what last touch gives",
        columns=[
            Column("What"),
            Column("Added", is_number=True),
            Column("From", is_number=True),
            Column("To", is_number=True),
            Column("Last touch", is_number=True),
            Column("Rests on"),
            Column("Evidence"),
        ],
        rows=[_row(one) for one in rows],
        source="published.attribution_evidence",
    )


def _row(one: Caused) -> list[Cell | str]:
    return [
        say.name(one),
        count(one.leads),
        count(one.low),
        count(one.high),
        count(one.last),
        words.EVIDENCE[one.evidence][0],
        one.grade,
    ]
