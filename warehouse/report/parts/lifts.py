"""The lift tests behind the causal figures: what each found, and whether it counts."""

from warehouse.report.model import LiftTest, Page
from warehouse.report.numbers import NONE, Number, count, known, rate
from warehouse.report.text import lifts as say
from warehouse.report.views import Cell, Column, Fact, Table

SHOWN = 10


def facts(page: Page) -> list[Fact]:
    if not page.lift_tests:
        return []
    conflict = say.conflict(page.lift_tests)
    said = [Fact(say.kept(page.lift_tests))]
    return [*said, Fact(conflict, is_warning=True)] if conflict else said


def tables(page: Page) -> list[Table]:
    if not page.lift_tests:
        return []
    table = Table(
        caption="Lift tests: conversions that the channel added where it was tested",
        columns=[
            Column("Test"),
            Column("How"),
            Column("Days"),
            Column("Added", is_number=True),
            Column("From", is_number=True),
            Column("To", is_number=True),
            Column("Share", is_number=True),
            Column("Evidence"),
            Column("Corrects the credits"),
        ],
        rows=[_row(one) for one in page.lift_tests[:SHOWN]],
        source="published.lift_tests",
    )
    return [table]


def _row(one: LiftTest) -> list[Cell | str]:
    share = known(one.share)
    return [
        say.name(one),
        say.how(one),
        say.days(one),
        _count(one.added),
        _count(one.low),
        _count(one.high),
        NONE if share is None else rate(share),
        one.grade or NONE,
        Cell(say.counts(one), is_warning=one.is_conflict),
    ]


def _count(value: Number | None) -> str:
    number = known(value)
    return NONE if number is None else count(number)
