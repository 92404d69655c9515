"""A test read whole: exact where nothing else moves, graded, refused with a remedy."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.incrementality.panels import day, panel_of
from warehouse.incrementality import wording
from warehouse.incrementality.grade import grade, is_sound
from warehouse.incrementality.lift import measure
from warehouse.incrementality.panel import LiftRefused, Panel
from warehouse.incrementality.weights import ESTIMATORS, FLAGSHIP


@pytest.fixture
def exact() -> Panel:
    """Eight regions, each a multiple of one rhythm; a and b sell 10 % more from day 90."""
    rhythm = 100 + 10 * (np.arange(110) % 7)
    values = rhythm[:, None] * np.arange(1.0, 9.0)
    values[90:, :2] *= 1.10
    return panel_of(values)


def test_every_estimator_is_exact_where_nothing_else_moves(exact: Panel) -> None:
    found = measure(exact, treated=["a", "b"], first=day(90), last=day(109))
    assert [each.estimator for each in found.readings] == list(ESTIMATORS)
    # a and b are 3 x the rhythm; its days 90 to 109 (weekdays 6, then 0 to 6 twice, 0 to 4)
    # sum to 20 x 100 + 10 x (6 + 21 + 21 + 10) = 2,580.
    for each in found.readings:
        assert each.lift == pytest.approx(0.10, abs=1e-6)
        assert each.expected == pytest.approx(3 * 2_580, rel=1e-6)
        assert each.incremental == pytest.approx(774, rel=1e-5)
        assert each.incremental_daily == pytest.approx(38.7, rel=1e-5)
        assert each.grade == "B"
        assert each.is_sound


def test_lot_makes_an_experiment(exact: Panel) -> None:
    found = measure(
        exact, treated=["a", "b"], first=day(90), last=day(109), is_randomised=True
    )
    assert found.flagship.grade == "A"


def test_interval_is_the_estimate_and_its_standard_error(noisy: Panel) -> None:
    for each in measure(
        noisy, treated=["c", "d"], first=day(100), last=day(119)
    ).readings:
        # 1.645 standard errors on both sides, the same in shares and in outcomes
        assert each.lift_p95 - each.lift == pytest.approx(1.6448536 * each.lift_se)
        assert each.incremental - each.p05 == pytest.approx(1.6448536 * each.se)
        assert each.se == pytest.approx(each.lift_se * each.expected)
        assert each.p95 == pytest.approx(each.lift_p95 * each.expected)
        assert 0 < each.p_space <= 1
        assert 0 < each.p_time <= 1


def test_same_test_gives_the_same_figures_whatever_came_later(noisy: Panel) -> None:
    asked = {"treated": ["c"], "first": day(100), "last": day(119)}
    found = measure(noisy, **asked)
    assert measure(noisy, **asked) == found
    noisy.values[120:] *= 50
    assert measure(noisy, **asked) == found
    shorter = Panel(noisy.days[:120], noisy.regions, noisy.values[:120])
    assert measure(shorter, **asked) == found


def test_nothing_happened_claims_nothing(noisy: Panel) -> None:
    found = measure(
        noisy, treated=["c", "h"], first=day(100), last=day(119), is_randomised=True
    )
    assert found.flagship.lift_p05 < 0 < found.flagship.lift_p95
    assert found.flagship.grade == "D"
    assert "cannot be told from nothing" in wording.verdict(found)


def test_effect_that_began_before_the_test_is_not_graded(noisy: Panel) -> None:
    noisy.values[80:, 2] *= 1.3  # twenty days before the test is said to begin
    found = measure(noisy, treated=["c"], first=day(100), last=day(119))
    assert found.flagship.gap_before > 0.2
    assert not found.flagship.is_sound
    assert found.flagship.grade == "D"
    said = " ".join(wording.doubts(found.flagship))
    assert "right before the test it already read +30" in said
    assert "missed 3.6 times as widely" in said


def test_regions_without_outcomes_at_first_are_left_out_and_told(noisy: Panel) -> None:
    noisy.values[:60, 0] = 0  # opened in March
    noisy.values[:, 1] = 7  # a figure somebody filled in
    found = measure(noisy, treated=["c"], first=day(100), last=day(119))
    assert found.left_out == ("a", "b")
    assert found.controls == 9


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"treated": ["z"]}, '"z" is no region of these outcomes: they have a, b'),
        ({"treated": []}, "no region is treated"),
        ({"treated": list("abcdefghijkl")}, "all 12 regions are treated"),
        ({"treated": list("abcdefghi")}, "3 regions are left to compare with, 4 are"),
        ({"first": day(20), "last": day(33)}, "20 days before the test, .* needs 42"),
        ({"first": day(20), "last": day(22)}, "20 days before the test, .* needs 28"),
        ({"last": day(140)}, "outcomes 2026-01-01 to 2026-05-20: bring the missing"),
        ({"first": day(-3)}, "bring the missing days, or shorten the test"),
        ({"first": day(119), "last": day(100)}, "swap them"),
    ],
)
def test_tests_that_cannot_be_read_are_refused(
    noisy: Panel, asked: dict[str, object], said: str
) -> None:
    usual = {"treated": ["c"], "first": day(100), "last": day(119)}
    with pytest.raises(LiftRefused, match=said):
        measure(noisy, **{**usual, **asked})  # type: ignore[arg-type]


def test_constant_treated_region_is_refused(noisy: Panel) -> None:
    noisy.values[:100, 2] = 5
    with pytest.raises(LiftRefused, match='"c" has 5 on each of the 100 days before'):
        measure(noisy, treated=["c"], first=day(100), last=day(119))


def test_treated_region_that_opened_late_is_refused(noisy: Panel) -> None:
    noisy.values[:50, 2] = 0
    with pytest.raises(LiftRefused, match='"c" has no outcome in its first 33 days'):
        measure(noisy, treated=["c"], first=day(100), last=day(119))


@pytest.mark.parametrize(
    ("randomised", "sound", "excludes", "letter"),
    [
        (True, True, True, "A"),
        (False, True, True, "B"),
        (False, False, True, "D"),
        (True, True, False, "D"),
        (False, True, False, "D"),
    ],
)
def test_grade_is_what_stands_behind(
    randomised: bool, sound: bool, excludes: bool, letter: str
) -> None:
    found = grade(is_randomised=randomised, is_sound=sound, excludes_zero=excludes)
    assert found == letter


def test_bad_fit_or_a_noisy_eve_is_unsound_unless_drawn_by_lot() -> None:
    good = {"is_randomised": False, "is_quiet_before": True, "relative_fit": 1.0}
    assert is_sound(**good)  # type: ignore[arg-type]
    for worse in ({"is_quiet_before": False}, {"relative_fit": 2.1}):
        assert not is_sound(**{**good, **worse})  # type: ignore[arg-type]
        assert is_sound(**{**good, **worse, "is_randomised": True})  # type: ignore[arg-type]


def test_verdict_says_the_claim_of_its_grade(exact: Panel) -> None:
    found = measure(exact, treated=["a", "b"], first=day(90), last=day(109))
    assert wording.verdict(found).startswith("Grade B, very likely caused: +774 (")
    flagship = replace(found.flagship, grade="A")
    assert "Grade A, caused" in wording.verdict(replace(found, readings=(flagship,)))
    assert found.flagship.estimator == FLAGSHIP


def test_nothing_came_where_little_was_expected_is_no_certainty(noisy: Panel) -> None:
    # 0.1 outcomes a day: 2 x 20 days expect 4, and 0 is not far from it.
    rng = np.random.default_rng(3)
    rare = Panel(noisy.days, noisy.regions, rng.poisson(0.1, (140, 12)).astype(float))
    rare.values[100:, 2:4] = 0
    found = measure(rare, treated=["c", "d"], first=day(100), last=day(119)).flagship
    assert found.lift == -1.0
    assert found.lift_se > 0.3
    assert np.isfinite([found.lift_p05, found.p95, found.relative_fit]).all()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_regions_all_alike_show_no_lift(noisy: Panel, name: str) -> None:
    alike = Panel(noisy.days, noisy.regions, np.repeat(noisy.values[:, :1], 12, axis=1))
    found = measure(
        alike, treated=["c"], first=day(100), last=day(119), estimators=[name]
    ).flagship
    assert found.lift == pytest.approx(0.0, abs=1e-6)
    assert found.grade == "D"
