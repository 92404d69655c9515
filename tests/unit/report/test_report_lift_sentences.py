"""Lift tests on the page: their names, how they were made, what they correct."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.unit.report.samples import plain
from warehouse.report import queries
from warehouse.report.model import LiftTest, Page
from warehouse.report.numbers import NONE
from warehouse.report.parts import lifts
from warehouse.report.text import lifts as say

HOLDOUT = LiftTest(
    channel="retargeting",
    kind="holdout",
    name="Reminders",
    regions=0,
    is_switched_off=False,
    start=date(2026, 1, 1),
    end=date(2026, 3, 31),
    added=59.4,
    low=-42.4,
    high=161.3,
    share=0.044,
    grade="D",
    is_used=True,
    unused_because=None,
    is_conflict=False,
)
REGIONS = replace(
    HOLDOUT,
    channel="meta",
    kind="regions",
    name=None,
    regions=2,
    is_used=False,
    unused_because="in_flights",
)


@pytest.fixture(scope="module")
def page(snapshot_of: Callable[[str], Path]) -> Page:
    return queries.read(snapshot_of("ordinary"))


def test_a_test_is_named_by_its_name_and_channel() -> None:
    assert plain(say.name(HOLDOUT)) == "“Reminders”: Retargeting"
    assert say.name(REGIONS) == "Meta ads"


def test_how_it_was_made() -> None:
    assert say.how(HOLDOUT) == "some people never saw it"
    assert plain(say.how(REGIONS)) == "on in 2 regions"
    off = replace(REGIONS, is_switched_off=True, regions=1)
    assert plain(say.how(off)) == "off in 1 region"
    assert plain(say.days(HOLDOUT)) == "1 Jan 2026 to 31 Mar 2026"
    assert say.days(replace(HOLDOUT, end=None)) == NONE


def test_whether_it_counts_and_why_not() -> None:
    assert say.counts(HOLDOUT) == "yes"
    assert say.counts(replace(HOLDOUT, is_conflict=True)) == "yes, against the rest"
    assert say.counts(REGIONS) == "no: the flights read the same days"
    assert say.counts(replace(REGIONS, unused_because="new_code")) == "no: new code"


def test_how_many_correct_the_figures() -> None:
    kept = [plain(say.kept(found)) for found in (
        [HOLDOUT], [HOLDOUT, HOLDOUT], [HOLDOUT, REGIONS], [REGIONS, REGIONS], [REGIONS]
    )]  # fmt: skip
    assert kept == [
        "1 lift test corrects these figures.",
        "2 lift tests correct these figures.",
        "Of 2 lift tests kept, 1 corrects these figures.",
        "Of 2 lift tests kept, none corrects these figures.",
        "1 lift test is kept, and corrects none of these figures.",
    ]


def test_a_contradiction_is_a_warning(page: Page) -> None:
    assert say.conflict([HOLDOUT, REGIONS]) is None
    against = replace(HOLDOUT, is_conflict=True)
    said = say.conflict([against, replace(against, channel="meta"), against]) or ""
    assert said.startswith("The tests of Meta ads and Retargeting lie further")
    facts = lifts.facts(replace(page, lift_tests=(against,)))
    assert [fact.is_warning for fact in facts] == [False, True]


def test_the_reading_in_front_is_listed_the_last_test_first(page: Page) -> None:
    (table,) = lifts.tables(page)
    assert [[plain(getattr(c, "text", c)) for c in row] for row in table.rows] == [
        [
            "“Reminders”: Meta ads",
            "some people never saw it",
            "2 Dec 2025 to 1 Mar 2026",
            *("12", "−3", "27", "5.00 %", "D", "yes"),
        ],
        [
            "YouTube ads",
            "off in 2 regions",
            "3 Sep 2025 to 2 Dec 2025",
            *("40", "10", "70", "10.00 %", "B", "no: the flights read the same days"),
        ],
    ]


def test_without_tests_nothing_is_said(page: Page) -> None:
    none = replace(page, lift_tests=())
    assert (lifts.facts(none), lifts.tables(none)) == ([], [])
    many = replace(page, lift_tests=(HOLDOUT,) * (lifts.SHOWN + 5))
    assert len(lifts.tables(many)[0].rows) == lifts.SHOWN
