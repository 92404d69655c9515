"""Three ways to weigh other regions: known weights, closed forms, known gaps."""

import numpy as np
import pytest

from warehouse.incrementality import weights as w


@pytest.fixture
def pair() -> np.ndarray:
    """Two unrelated series with mean 100. Shape: (60, 2)."""
    found = np.random.default_rng(1).normal(100.0, 10.0, (60, 2))
    return found - found.mean(axis=0) + 100.0


def test_synthetic_control_finds_the_mixture(pair: np.ndarray) -> None:
    found = w.synthetic_control(pair @ [0.3, 0.7], pair)
    assert found == pytest.approx([0.3, 0.7], abs=1e-6)


def test_synthetic_control_never_weighs_below_zero(pair: np.ndarray) -> None:
    # 1.5 a - 0.5 b lies outside: the nearest mixture is a alone.
    assert w.synthetic_control(pair @ [1.5, -0.5], pair) == pytest.approx([1.0, 0.0])


def test_synthetic_control_is_the_best_of_all_mixtures() -> None:
    rng = np.random.default_rng(2)
    compared, outcomes = rng.normal(50, 5, (40, 3)), rng.normal(50, 5, 40)
    found = w.synthetic_control(outcomes, compared)
    left = np.sum((outcomes - compared @ found) ** 2)
    for other in rng.dirichlet(np.ones(3), 500):
        assert left <= np.sum((outcomes - compared @ other) ** 2) + 1e-6


def test_ridge_reaches_beyond_the_mixtures(pair: np.ndarray) -> None:
    outcomes = pair @ [1.5, -0.5]
    found = w.ridge_augmented(outcomes, pair)
    assert found.sum() == pytest.approx(1.0)
    # Two regions have one contrast c, the ridge of the leftover 0.5 c is 0.5 / (1 + 0.3):
    # 0.3 of the mean diagonal of [[c'c, -c'c], [-c'c, c'c]] / 4 is 0.3 / 2 of its root.
    step = 0.5 * 2 / (2 + w.RIDGE)
    assert found == pytest.approx([1 + step, -step], abs=1e-6)


def test_ridge_equals_its_form_in_days() -> None:
    # w + C' (C C' + penalty)^-1 (y - X w), C centred over regions (Ben-Michael et al.)
    rng = np.random.default_rng(3)
    compared, outcomes = rng.normal(80, 6, (30, 7)), rng.normal(80, 6, 30)
    first = w.synthetic_control(outcomes, compared)
    centred = compared - compared.mean(axis=1, keepdims=True)
    penalty = w.RIDGE * np.trace(centred.T @ centred) / 7
    days = centred @ centred.T + penalty * np.eye(30)
    by_days = first + centred.T @ np.linalg.solve(days, outcomes - compared @ first)
    assert w.ridge_augmented(outcomes, compared) == pytest.approx(by_days, abs=1e-9)


def test_differences_are_the_ratio_of_totals() -> None:
    # Others: 20 + 30 before, 22 + 33 after: 1.1. Treated 10 before, so 11 are expected.
    compared = np.array([[20.0, 30.0]] * 4 + [[22.0, 33.0]] * 2)
    outcomes = np.array([10.0] * 4 + [12.0] * 2)
    found = w.gap(w.difference_in_differences, outcomes, compared, start=4, stop=6)
    assert found.expected == pytest.approx(22.0)
    assert found.observed == 24.0
    assert found.ratio == pytest.approx(24 / 22 - 1)
    assert found.fit_error == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", w.ESTIMATORS)
def test_gap_does_not_depend_on_units(name: str, pair: np.ndarray) -> None:
    outcomes = pair @ [0.4, 0.6] + np.random.default_rng(4).normal(0, 1, 60)
    found = w.gap(w.ESTIMATORS[name], outcomes, pair, start=50, stop=60)
    scaled = w.gap(w.ESTIMATORS[name], 1e4 * outcomes, pair * 0.01, start=50, stop=60)
    assert scaled.ratio == pytest.approx(found.ratio, abs=1e-6)
    assert scaled.expected == pytest.approx(1e4 * found.expected, rel=1e-6)


def test_gap_expects_at_least_a_twentieth_of_what_was() -> None:
    outcomes = np.full(12, 10.0) + np.tile([1.0, -1.0], 6)
    compared = np.column_stack([outcomes, outcomes[::-1]])
    compared[10:] = 0.0  # the others stop altogether
    found = w.gap(w.synthetic_control, outcomes, compared, start=10, stop=12)
    assert found.expected == pytest.approx(w.LEAST_EXPECTED * 10 * 2)
    assert np.isfinite(found.ratio)
