"""Two Gaussians merged, by hand; a sum of effects; what contradicts."""

import numpy as np
import pytest

from warehouse.incrementality.merge import Finding, contradiction, merged

ALONE = np.array([1.0])


def test_two_gaussians_are_weighed_by_precision() -> None:
    # 100 with variance 400, 50 with variance 100: weights 1 to 4, mean 60; variance
    # 1 / (1/400 + 1/100) = 80; the gap of 50 costs 50^2 / (2 x 500)
    effect, covariance, cost = merged(
        np.array([100.0]), np.array([[400.0]]), Finding(ALONE, 50.0, 10.0)
    )
    assert effect == pytest.approx(60)
    assert covariance == pytest.approx(80)
    assert cost == pytest.approx(2.5)


def test_a_finding_of_a_sum_is_shared_by_what_is_in_doubt() -> None:
    # The sum is 50 with variance 400, found 90 with variance 400: it moves by 20, three
    # quarters of it where three quarters of the variance are. The third is left alone.
    effect, covariance, _ = merged(
        np.array([30.0, 20.0, 7.0]),
        np.diag([300.0, 100.0, 5.0]),
        Finding(np.array([1.0, 1.0, 0.0]), 90.0, 20.0),
    )
    np.testing.assert_allclose(effect, [45.0, 25.0, 7.0])
    both = np.array([1.0, 1.0, 0.0])
    assert both @ covariance @ both == pytest.approx(200)
    assert covariance[2, 2] == 5


def test_errors_that_effects_share_travel_to_the_other() -> None:
    # covariance 50 of variance 100: the other moves by half of 50
    effect, _, _ = merged(
        np.array([0.0, 0.0]),
        np.array([[100.0, 50.0], [50.0, 100.0]]),
        Finding(np.array([1.0, 0.0]), 100.0, 10.0),
    )
    np.testing.assert_allclose(effect, [50.0, 25.0])


@pytest.mark.parametrize(("found", "squared"), [(149.0, 0.0), (151.0, 151.0**2)])
def test_beyond_three_standard_errors_is_a_contradiction(
    found: float, squared: float
) -> None:
    # sqrt(1,600 + 900) = 50, three of them 150
    finding = Finding(ALONE, found, 30.0)
    assert contradiction(np.zeros(1), np.array([[1600.0]]), finding) == squared


def test_a_contradiction_is_believed() -> None:
    # variance 100 + 100^2 against 100: 10,100 of 10,200 of the way
    effect, covariance, _ = merged(
        np.zeros(1), np.array([[100.0]]), Finding(ALONE, 100.0, 10.0), 100.0**2
    )
    assert effect == pytest.approx(100 * 10_100 / 10_200)
    assert covariance == pytest.approx(10_100 * 100 / 10_200)


def test_without_any_doubt_nothing_moves_unless_it_is_contradicted() -> None:
    sure, finding = np.zeros((2, 2)), Finding(np.array([1.0, 1.0]), 8.0, 1.0)
    assert merged(np.zeros(2), sure, finding)[0].tolist() == [0, 0]
    effect, _, _ = merged(np.zeros(2), sure, finding, 64.0)
    # widened by 64 along both alike: 64 of 65 of the way
    np.testing.assert_allclose(effect, 8 * 64 / 65 / 2)
