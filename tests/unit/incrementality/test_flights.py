"""Flights by region: known effects come back, none is made up, and no lead is lost."""

import numpy as np
import pytest

from warehouse.incrementality.flights import (
    Effects,
    Flights,
    TooFewFlights,
    read_flights,
)

REGIONS, DAYS, UNITS = 12, 364, 3
LEADS = 4000.0
SEEDS = range(24)


def flights(
    seed: int, shares: tuple[float, ...], *, base: float = LEADS
) -> tuple[Flights, np.ndarray]:
    """Weekly flights by lot, weekly demand, leads as Poisson counts; and what was caused.

    Memory is a sum of two exponentials, which is no form that the reading knows.
    """
    random = np.random.default_rng([seed, 77])
    weeks = DAYS // 7
    on = random.random((UNITS, REGIONS, weeks)) < 0.5
    size = random.lognormal(0.0, 0.6, REGIONS)
    size /= size.sum()
    reach = random.lognormal(0.0, 0.3, (UNITS, REGIONS, DAYS)) * size[None, :, None]
    delivered = np.repeat(on, 7, axis=2) * reach * 1e6
    season = 1 + 0.25 * np.sin(np.arange(DAYS) / 58) + 0.1 * random.normal(size=DAYS)
    season = np.maximum(season, 0.3)
    fast, slow = np.zeros((UNITS, REGIONS)), np.zeros((UNITS, REGIONS))
    stock = np.empty_like(delivered)
    for day in range(DAYS):
        fast = fast * 0.8 + delivered[:, :, day] * 0.2
        slow = slow * 0.95 + delivered[:, :, day] * 0.05
        stock[:, :, day] = (fast + slow) / 2
    caused = stock * season
    caused *= (np.array(shares) * base / caused.sum(axis=(1, 2)))[:, None, None]
    usual = size[:, None] * season
    usual *= base * (1 - sum(shares)) / usual.sum()
    outcomes = random.poisson(usual + caused.sum(axis=0)).astype(float)
    declared = np.array([True, False, False])
    return Flights(outcomes, delivered, declared), caused.sum(axis=(1, 2))


@pytest.fixture(scope="module")
def with_effects() -> list[tuple[Effects, np.ndarray]]:
    made = [flights(seed, (0.15, 0.10, 0.0)) for seed in SEEDS]
    return [(read_flights(given, seed=1), truth) for given, truth in made]


@pytest.fixture(scope="module")
def without() -> list[Effects]:
    made = [flights(seed, (0.0, 0.0, 0.0)) for seed in SEEDS]
    return [read_flights(given, seed=1) for given, _ in made]


def test_intervals_hold_what_was_caused(
    with_effects: list[tuple[Effects, np.ndarray]], without: list[Effects]
) -> None:
    held = [
        found.p05[u] <= truth[u] <= found.p95[u]
        for found, truth in with_effects
        for u in range(UNITS)
    ]
    held += [found.p05[u] <= 0 for found in without for u in range(UNITS)]
    assert 0.85 <= np.mean(held) <= 1.0


def test_the_data_alone_are_right_on_average(
    with_effects: list[tuple[Effects, np.ndarray]],
) -> None:
    estimate = np.mean([found.estimate for found, _ in with_effects], axis=0)
    truth = np.mean([true for _, true in with_effects], axis=0)
    noise = np.mean([found.se for found, _ in with_effects], axis=0) / len(SEEDS) ** 0.5
    assert np.all(np.abs(estimate - truth) < 3 * noise + 0.02 * LEADS)


def test_a_declared_effect_is_found_and_the_mean_is_cautious(
    with_effects: list[tuple[Effects, np.ndarray]],
) -> None:
    first = [(found.total[0], truth[0]) for found, truth in with_effects]
    credited = np.mean([total / true for total, true in first])
    assert 0.6 < credited < 1.05  # the prior holds back, it never adds
    surely = np.mean([found.p05[0] > 0 for found, _ in with_effects])
    assert surely > 0.6


def test_without_effects_next_to_nothing_is_credited(without: list[Effects]) -> None:
    share = np.mean([found.total.sum() for found in without]) / LEADS
    assert share < 0.05


def test_where_the_leads_lie_adds_up_to_the_total(
    with_effects: list[tuple[Effects, np.ndarray]],
) -> None:
    for found, _ in with_effects:
        np.testing.assert_allclose(found.caused.sum(axis=(1, 2)), found.total)
        assert np.all(found.caused >= 0)
        assert np.all(found.p05 <= found.total)
        assert np.all(found.total <= found.p95)


def test_the_unit_of_delivery_does_not_matter() -> None:
    given, _ = flights(3, (0.15, 0.10, 0.0))
    thousands = Flights(given.outcomes, given.delivered / 1000, given.declared)
    np.testing.assert_allclose(
        read_flights(thousands, seed=1).estimate,
        read_flights(given, seed=1).estimate,
        rtol=1e-4,
    )


def test_the_same_data_give_the_same_bits() -> None:
    given, _ = flights(3, (0.15, 0.10, 0.0))
    first, second = read_flights(given, seed=1), read_flights(given, seed=1)
    assert first.total.tobytes() == second.total.tobytes()


def test_what_runs_everywhere_alike_can_not_be_told() -> None:
    given, _ = flights(5, (0.0, 0.0, 0.0))
    everywhere = given.delivered.copy()
    everywhere[1] = np.outer(given.outcomes.sum(axis=1), np.ones(DAYS))
    found = read_flights(Flights(given.outcomes, everywhere, given.declared), seed=1)
    assert found.p05[1] == 0
    assert found.p95[1] > found.p95[2]  # no variation, no knowledge


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: Flights(f.outcomes, f.delivered * 0, f.declared), "0 of 12 regions"),
        (
            lambda f: Flights(f.outcomes[:, :60], f.delivered[:, :, :60], f.declared),
            "60 days, 84 are the least",
        ),
        (
            lambda f: Flights(f.outcomes * 0.05, f.delivered, f.declared),
            "300 are the least",
        ),
    ],
)
def test_too_little_is_refused_with_the_figure(change, said: str) -> None:
    given, _ = flights(1, (0.0, 0.0, 0.0))
    with pytest.raises(TooFewFlights, match=said):
        read_flights(change(given), seed=1)
