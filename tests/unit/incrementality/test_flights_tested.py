"""Flights merged with a test: by hand, and in worlds whose truth is known."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from tests.unit.incrementality.test_flights import LEADS, UNITS, flights
from warehouse.incrementality import flights as module
from warehouse.incrementality.flights import Effects, Flights, read_flights
from warehouse.incrementality.merge import Finding

WORLDS = range(40)
SE = 0.04 * LEADS  # of a test: as wide as the flights
UNIT = np.eye(UNITS)


def read_twice(seed: int, unit: int) -> tuple[Effects, Effects, float]:
    """Flights alone, with a test of one unit, and what that one caused."""
    given, truth = flights(seed, (0.15, 0.10, 0.0))
    found = truth[unit] + SE * np.random.default_rng([seed, unit, 5]).normal()
    told = Finding(UNIT[unit], found, SE)
    return (
        read_flights(given, seed=1),
        read_flights(given, seed=1, findings=[told]),
        float(truth[unit]),
    )


@pytest.fixture(scope="module")
def worlds() -> list[tuple[Effects, Effects, float]]:
    return [read_twice(seed, 1) for seed in WORLDS]


def test_a_test_narrows_the_error_and_the_interval(
    worlds: list[tuple[Effects, Effects, float]],
) -> None:
    error = [
        (abs(alone.total[1] - truth), abs(both.total[1] - truth))
        for alone, both, truth in worlds
    ]
    before, after = np.mean(error, axis=0)
    assert after < 0.8 * before
    assert all(both.se[1] < alone.se[1] for alone, both, _ in worlds)


def test_intervals_of_a_tested_unit_hold_what_was_caused(
    worlds: list[tuple[Effects, Effects, float]],
) -> None:
    held = [both.p05[1] <= truth <= both.p95[1] for _, both, truth in worlds]
    assert 0.85 <= np.mean(held) <= 0.95


def test_a_tested_unit_without_effect_stays_at_none() -> None:
    found = [read_twice(seed, 2)[1] for seed in range(20)]
    assert np.mean([both.total[2] for both in found]) < 0.005 * LEADS
    assert np.mean([both.p05[2] == 0 for both in found]) >= 0.85


def one(share: float) -> Flights:
    """A world with a single unit of flights."""
    given, _ = flights(3, (share, 0.0, 0.0))
    return Flights(given.outcomes, given.delivered[:1], given.declared[:1])


def test_spike_and_half_normal_come_after_both(monkeypatch: pytest.MonkeyPatch) -> None:
    # One form of memory, one unit. Merged by precision to m, s; the prior's odds are 1,
    # its half-normal w wide: odds of an effect are 2 s'/w x Phi(r) x exp(r^2 / 2) with
    # 1/s'^2 = 1/s^2 + 1/w^2 and r = m s'/s^2; above the spike a normal cut at 0.
    monkeypatch.setattr(module, "HALF_LIVES", (6.0,))
    given = one(0.03)
    alone = read_flights(given, seed=1)
    for found in (-0.02 * LEADS, 0.05 * LEADS):
        both = read_flights(
            given, seed=1, findings=[Finding(np.array([1.0]), found, SE / 2)]
        )
        precision = np.array([alone.se[0] ** -2, (SE / 2) ** -2])
        mean = precision @ [alone.estimate[0], found] / precision.sum()
        assert both.estimate[0] == pytest.approx(mean)
        assert both.se[0] == pytest.approx(precision.sum() ** -0.5)
        width = 0.20 * given.outcomes[:, -364:].sum()
        sd = (precision.sum() + width**-2) ** -0.5
        ratio = mean * precision.sum() * sd
        odds = 2 * sd / width * stats.norm.cdf(ratio) * np.exp(ratio**2 / 2)
        above = sd * (ratio + stats.norm.pdf(ratio) / stats.norm.cdf(ratio))
        expected = above * odds / (1 + odds)
        assert both.total[0] == pytest.approx(expected, abs=0.003 * LEADS)


def test_a_test_far_outside_is_told_and_believed() -> None:
    given = one(0.15)
    alone = read_flights(given, seed=1)
    far = alone.estimate[0] + 8 * alone.se[0]
    found = read_flights(
        given, seed=1, findings=[Finding(np.array([1.0]), far, alone.se[0])]
    )
    assert found.conflicts == (0,)
    assert found.estimate[0] == pytest.approx(far, rel=0.03)
    assert found.p05[0] > alone.p95[0]
    near = Finding(np.array([1.0]), alone.estimate[0] + alone.se[0], alone.se[0])
    assert read_flights(given, seed=1, findings=[near]).conflicts == ()


def test_the_narrower_the_test_the_nearer_to_it() -> None:
    given, _ = flights(4, (0.15, 0.10, 0.0))
    both = np.array([1.0, 1.0, 0.0])
    alone = read_flights(given, seed=1)
    told = both @ alone.estimate + 100
    gaps = [
        told
        - both
        @ read_flights(given, seed=1, findings=[Finding(both, told, se)]).estimate
        for se in (1e4, 200.0, 50.0, 1e-3)
    ]
    assert all(wide > narrow for wide, narrow in pairwise(gaps))
    assert gaps[-1] == pytest.approx(0, abs=0.01)


def test_a_finding_that_says_nothing_changes_nothing() -> None:
    given, _ = flights(3, (0.15, 0.10, 0.0))
    plain = read_flights(given, seed=1)
    # a test that says nothing leaves the estimate where it was
    nothing = read_flights(given, seed=1, findings=[Finding(UNIT[0], 0.0, 1e12)])
    np.testing.assert_allclose(nothing.estimate, plain.estimate, rtol=1e-9)
    empty = read_flights(given, seed=1, findings=[])
    assert empty.total.tobytes() == plain.total.tobytes()
