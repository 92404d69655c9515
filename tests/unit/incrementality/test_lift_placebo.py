"""Errors where nothing happened: which sets and days play, and what they say."""

import numpy as np
import pytest

from tests.unit.incrementality.panels import day
from warehouse.incrementality.panel import Panel, setup
from warehouse.incrementality.placebo import (
    Placebos,
    p_time,
    placebos,
    rehearsals,
    sets,
)
from warehouse.incrementality.weights import ESTIMATORS, Gap, difference_in_differences


def gap(ratio: float, fit_error: float) -> Gap:
    return Gap(ratio=ratio, observed=1 + ratio, expected=1.0, fit_error=fit_error)


def test_rehearsals_end_before_the_test_and_keep_a_third_to_learn() -> None:
    # 28 days, steps of 9, back from 84 - 28 to no earlier than 84 / 3
    assert rehearsals(84, 28) == [56, 47, 38, 29]
    # a fortnight at least to learn on
    assert rehearsals(28, 7) == [21, 19, 17, 15]


def test_every_region_plays_alike_and_the_same_each_time() -> None:
    found = sets(10, 3, 99, rng=np.random.default_rng(7))
    assert len(found) == 99
    assert all(len(set(each.tolist())) == 3 for each in found)
    played = np.bincount(np.concatenate(found), minlength=10)
    assert played.min() >= 99 * 3 / 10 - 10  # one sits out per hand of ten
    again = sets(10, 3, 99, rng=np.random.default_rng(7))
    assert all((a == b).all() for a, b in zip(found, again, strict=True))


def test_single_regions_play_once_each() -> None:
    found = sets(6, 1, 99, rng=np.random.default_rng(7))
    assert sorted(each.item() for each in found) == [0, 1, 2, 3, 4, 5]


def test_error_is_the_larger_of_space_and_time() -> None:
    # In space: ratios of 1 and 3 fit errors, so sqrt((1 + 9) / 2) x the treated's own 2 %.
    space = [gap(0.01, 0.01), gap(-0.12, 0.04)]
    calm = Placebos(space=space, time=[gap(0.03, 0.1), gap(-0.03, 0.1)])
    assert calm.space_error(0.02) == pytest.approx(0.02 * 5**0.5)
    assert calm.time_error() == pytest.approx(0.03)
    assert calm.error(0.02) == pytest.approx(0.02 * 5**0.5)
    wild = Placebos(space=space, time=[gap(0.3, 0.1), gap(0.4, 0.1)])
    assert wild.error(0.02) == pytest.approx((0.125) ** 0.5)


def test_p_in_space_counts_who_stands_out_as_much_for_its_fit() -> None:
    played = Placebos(space=[gap(0.1, 0.1), gap(-0.2, 0.1), gap(0.3, 0.1)], time=[])
    assert played.p_space(gap(0.25, 0.1)) == 2 / 4  # itself and the third
    assert played.p_space(gap(0.25, 0.01)) == 1 / 4  # well fitted: stands out alone


def test_p_in_time_equals_counting_by_hand(noisy: Panel) -> None:
    test = setup(noisy, treated=["c"], first=day(100), last=day(119))
    outcomes, others = test.outcomes, test.compared.sum(axis=1)
    # differences, fitted on all days as if nothing had happened
    left = outcomes - others * outcomes.sum() / others.sum()
    around = np.concatenate([left, left])
    sums = [abs(around[i : i + 20].sum()) for i in range(120)]
    by_hand = np.mean([each >= sums[100] - 1e-9 for each in sums])
    assert p_time(difference_in_differences, test) == pytest.approx(by_hand)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_placebos_never_see_the_treated(noisy: Panel, name: str) -> None:
    lifted = Panel(noisy.days, noisy.regions, noisy.values.copy())
    lifted.values[100:, 2] *= 5
    found = [
        placebos(
            ESTIMATORS[name],
            setup(each, treated=["c"], first=day(100), last=day(119)),
            rng=np.random.default_rng(1),
        )
        for each in (noisy, lifted)
    ]
    assert found[0] == found[1]
