"""A card's sentences, branch by branch: no direction that an interval does not show."""

import pytest

from tests.unit.report.samples import kpi, plain, score
from warehouse.report.text import objectives as say
from warehouse.report.text.common import exact, prose


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("share", "21 %"),
        ("percentage", "21 %"),
        ("usd", "0.21 USD"),
        ("usd_per_1000", "0.21 USD per 1,000"),
        ("days", "0.21 days"),
        ("ratio", "0.21 for 1"),
        ("count", "0.21"),
    ],
)
def test_prose_shows_a_value_in_its_unit(unit: str, shown: str) -> None:
    assert plain(prose(unit, 0.2134)) == shown


def test_prose_has_one_day() -> None:
    assert prose("days", 1) == "1 day"


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("share", 0.2134, "21.34 %"),
        ("usd", 12345.6, "12,346"),
        ("usd", 1.239, "1.24"),
        ("count", 12, "12"),
        ("share", None, "–"),
    ],
)
def test_exact_shows_all_digits(unit: str, value: float | None, shown: str) -> None:
    assert plain(exact(unit, value)) == shown


@pytest.mark.parametrize(
    ("changes", "good", "said"),
    [
        ({"target": None}, "up", "No target is set."),
        (
            {"value": None},
            "up",
            "Target 25 %: too early, nothing is measured against it.",
        ),
        ({}, "up", "Target 25 % missed."),
        ({"lower": 0.26, "upper": 0.3}, "up", "Target 25 % reached."),
        (
            {"upper": 0.27},
            "up",
            "Target 25 % not reached, but within the interval: too close to call.",
        ),
        (
            {"upper": 0.27, "value": 0.26, "is_attained": True},
            "up",
            "Target 25 % reached, but within the interval: too close to call.",
        ),
        ({}, "down", "Target 25 % reached."),
        ({"lower": 0.26, "upper": 0.3}, "down", "Target 25 % missed."),
        ({"lower": None, "is_attained": True}, "up", "Target 25 % reached."),
        ({"lower": None, "is_attained": False}, "up", "Target 25 % missed."),
    ],
)
def test_attainment_waits_for_the_interval(
    changes: dict[str, object], good: str, said: str
) -> None:
    assert plain(say.attainment(score(**changes), kpi(good=good))) == said


@pytest.mark.parametrize(
    ("score_changes", "kpi_changes", "said"),
    [
        ({}, {}, "Between 19 and 23 % with 95 % certainty, n = 1,000."),
        ({"denominator": None}, {}, "Between 19 and 23 % with 95 % certainty."),
        ({"lower": None}, {"kind": "amount", "unit": "usd"}, "A count, not a sample."),
        ({"lower": None}, {"unit": "usd"}, "No interval is known."),
        (
            {"lower": None, "denominator": 74},
            {"kind": "median", "unit": "days"},
            "No interval is known, n = 74.",
        ),
    ],
)
def test_certainty_shows_interval_and_n(
    score_changes: dict[str, object], kpi_changes: dict[str, str], said: str
) -> None:
    assert plain(say.certainty(score(**score_changes), kpi(**kpi_changes))) == said


def test_change_needs_something_to_compare_with() -> None:
    nothing = "No earlier 90 days to compare with."
    assert say.change(score(), None, kpi()) == nothing
    assert say.change(score(), score(value=None), kpi()) == nothing
    assert say.change(score(value=None), score(), kpi()) == nothing


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (
            {"value": 0.15, "lower": 0.13, "upper": 0.17},
            "Up 6 percentage points on the 90 days before (15 %).",
        ),
        (
            {"value": 0.3, "lower": 0.28, "upper": 0.32},
            "Down 9 percentage points on the 90 days before (30 %).",
        ),
        (
            {"value": 0.18, "lower": 0.16, "upper": 0.2},
            "No clear change on the 90 days before (18 %): the intervals overlap.",
        ),
        (
            {"value": 0.18, "lower": None, "upper": None},
            "Before: 18 %; no interval, so no trend is claimed.",
        ),
    ],
)
def test_change_has_no_direction_that_the_intervals_do_not_show(
    before: dict[str, float | None], said: str
) -> None:
    assert plain(say.change(score(), score(**before), kpi())) == said


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (50_000, "Up 30 k USD on the 90 days before (50 k USD)."),
        (90_000, "Down 10 k USD on the 90 days before (90 k USD)."),
        (80_000, "As in the 90 days before (80 k USD)."),
    ],
)
def test_change_of_a_count_is_what_was_counted(old: float, said: str) -> None:
    amount = kpi(kind="amount", unit="usd")
    assert plain(say.change(score(value=80_000), score(value=old), amount)) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "No weekly figures yet."),
        ([None, None], "No weekly figures yet."),
        ([None, 0.2], "One week so far: 20 %."),
        ([0.19, None, 0.25, 0.21], "3 weeks between 19 and 25 %, the last 21 %."),
    ],
)
def test_trend_is_told_in_words(values: list[float | None], said: str) -> None:
    assert plain(say.trend(values, kpi())) == said


def test_movers_name_the_videos_and_their_part() -> None:
    found = [("Film", 0.014), ("Tour", -0.002)]
    assert plain(say.movers(found, kpi(), has_before=True)) == (
        "Moved most by “Film” (up 1.4 percentage points) and “Tour” (down 0.2 percentage "
        "points)."
    )
    usd = plain(say.movers([("Film", 40_000)], kpi(unit="usd"), has_before=True))
    assert usd == "Moved most by “Film” (up 40 k USD)."


@pytest.mark.parametrize(
    ("changes", "has_before", "said"),
    [
        ({}, True, "No single video moved it."),
        ({}, False, "Which videos moved it can't be told yet."),
        (
            {"level": "company"},
            True,
            "Counted for the company as a whole: no video's part can be told.",
        ),
        (
            {"kind": "median"},
            True,
            "Counted for the company as a whole: no video's part can be told.",
        ),
    ],
)
def test_movers_say_when_they_cannot_be_told(
    changes: dict[str, str], has_before: bool, said: str
) -> None:
    assert say.movers([], kpi(**changes), has_before=has_before) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0), "No video made for it has a target that can be measured."),
        ((0, 0, 1), "The one measured target of its videos: too close to call."),
        ((5, 0, 0), "Of 5 measured targets of its videos: 5 reached."),
        (
            (2, 1, 3),
            "Of 6 measured targets of its videos: 2 reached, 1 missed, 3 too close to call.",
        ),
    ],
)
def test_own_targets_are_counted_by_outcome(
    counts: tuple[int, int, int], said: str
) -> None:
    assert say.own_targets(*counts) == said
