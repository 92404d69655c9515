"""Posteriors by examples worked by hand."""

import numpy as np
import pytest

from warehouse.learning.posteriors import (
    Counts,
    Posterior,
    Prior,
    compare,
    day_correlation,
    effective_counts,
    fit_prior,
    posterior,
)


def counts(rows: list[tuple[int, float, int, int]], units: int = 1) -> Counts:
    """Rows of (unit, age in days, trials, successes)."""
    unit, age, trials, successes = zip(*rows, strict=True) if rows else ([],) * 4
    return Counts(
        units=units,
        unit=np.array(unit, dtype=np.int64),
        age_days=np.array(age, dtype=float),
        trials=np.array(trials, dtype=float),
        successes=np.array(successes, dtype=float),
    )


def certain_prior(mean: float, strength: float) -> Prior:
    """A prior without doubt about itself: one node."""
    return Prior(
        mean=mean,
        spread=1.0,
        strength=strength,
        loglik=0.0,
        node_mean=np.array([mean]),
        node_strength=np.array([strength]),
        node_weight=np.array([1.0]),
    )


def flat(a: list[float], b: list[float]) -> Posterior:
    mean = np.array(a) / (np.array(a) + np.array(b))
    nothing = np.zeros(len(a))
    return Posterior(
        a=np.array(a),
        b=np.array(b),
        n_eff=nothing,
        shrink=nothing,
        mean=mean,
        quantiles=np.zeros((len(a), 5)),
    )


def test_day_correlation_is_the_ratio_worked_by_hand() -> None:
    # Two days of 10 trials, 3 and 7 hits: p = 1/2 and p (1 - p) * 20/19 = 5/19. h = 5,
    # d = 0.4, so the excess is 0.8 - 5/19; the room 5/19 * 5 * 1.8, and 500 agreed
    # trials of variance 1/4.
    rows = counts([(0, 1, 10, 3), (0, 0, 10, 7)])
    expected = (0.8 - 5 / 19) / (5 / 19 * 9 + 125)
    assert day_correlation(rows) == pytest.approx(expected)


def test_day_correlation_is_found_where_days_are_shaken() -> None:
    # Days of beta-distributed rates with correlation 0.02 = 1 / (a + b + 1).
    rng = np.random.default_rng(3)
    rates = rng.beta(0.2 * 49, 0.8 * 49, 20 * 60)
    hits = rng.binomial(200, rates).tolist()
    rows = [(i // 60, 59.0 - i % 60, 200, hits[i]) for i in range(20 * 60)]
    assert day_correlation(counts(rows, units=20)) == pytest.approx(0.02, rel=0.15)


def test_day_correlation_does_not_read_a_slow_fall_as_noise() -> None:
    # From 40 % to 20 % in 100 days, exactly: neighbours differ by 0.2 points.
    rows = [(0, 99.0 - i, 1_000, 400 - 2 * i) for i in range(100)]
    assert day_correlation(counts(rows)) == 0.0


def test_day_correlation_is_zero_when_days_differ_by_less_than_chance() -> None:
    assert day_correlation(counts([(0, 0, 10, 5), (0, 1, 10, 5)])) == 0.0


@pytest.mark.parametrize("rows", [[], [(0, 0, 10, 3)], [(0, 0, 0, 0), (0, 1, 0, 0)]])
def test_day_correlation_is_zero_when_no_unit_has_two_days(
    rows: list[tuple[int, float, int, int]],
) -> None:
    assert day_correlation(counts(rows)) == 0.0


def test_effective_counts_weigh_days_by_age_as_worked_by_hand() -> None:
    # Half-life 10: weights 1 and 1/2. Weighted trials 150, with squares 125, so
    # 150^2 / 125 = 180 trials; weighted hits 20 + 20 at the same scale 1.2: 48.
    rows = counts([(0, 0, 100, 20), (0, 10, 100, 40)])
    trials, successes = effective_counts(rows, half_life_days=10, correlation=0.0)
    assert trials == pytest.approx([180.0])
    assert successes == pytest.approx([48.0])


def test_effective_counts_fade_when_a_unit_has_not_run_for_a_half_life() -> None:
    # The 180 trials and 48 hits of above, ten days later: half of both.
    rows = counts([(0, 10, 100, 20), (0, 20, 100, 40), (0, 0, 0, 0)])
    trials, successes = effective_counts(rows, half_life_days=10, correlation=0.0)
    assert trials == pytest.approx([90.0])
    assert successes == pytest.approx([24.0])


def test_effective_counts_shrink_when_trials_of_a_day_are_alike() -> None:
    # 101 trials at rho 0.01 are worth 101 / (1 + 100 * 0.01) = 50.5; half of them hit.
    rows = counts([(0, 0, 101, 50)])
    trials, successes = effective_counts(rows, half_life_days=10, correlation=0.01)
    assert trials == pytest.approx([50.5])
    assert successes == pytest.approx([25.0])


def test_posterior_is_prior_plus_counts_when_the_prior_is_certain() -> None:
    # Prior 2 hits, 8 misses; 9 hits of 30: Beta(11, 29), mean 0.275 = a quarter of 0.2
    # and three quarters of 0.3.
    belief = posterior(certain_prior(0.2, 10.0), np.array([30.0]), np.array([9.0]))
    assert belief.a == pytest.approx([11.0])
    assert belief.b == pytest.approx([29.0])
    assert belief.mean == pytest.approx([0.275])
    assert belief.shrink == pytest.approx([0.25])


def test_posterior_of_a_unit_without_trials_is_the_prior() -> None:
    belief = posterior(certain_prior(0.2, 10.0), np.zeros(1), np.zeros(1))
    assert belief.a == pytest.approx([2.0])
    assert belief.b == pytest.approx([8.0])
    assert belief.shrink == pytest.approx([1.0])


def test_posterior_is_wider_when_the_prior_doubts_itself() -> None:
    sure = certain_prior(0.2, 10.0)
    doubtful = Prior(
        mean=0.2,
        spread=1.0,
        strength=10.0,
        loglik=0.0,
        node_mean=np.array([0.1, 0.3]),
        node_strength=np.array([10.0, 10.0]),
        node_weight=np.array([0.5, 0.5]),
    )
    none = np.zeros(1)
    narrow, wide = (posterior(p, none, none).quantiles[0] for p in (sure, doubtful))
    assert wide[4] - wide[0] > narrow[4] - narrow[0]


def test_fit_finds_the_level_and_calls_equal_units_equal() -> None:
    # 50 units of 20 in 100 exactly: less different than chance, so the spread is small.
    prior = fit_prior(np.full(50, 100.0), np.full(50, 20.0))
    assert prior.mean == pytest.approx(0.2, abs=0.005)
    assert prior.spread < 0.12


@pytest.mark.parametrize("units", [0, 1, 5])
def test_fit_gives_a_usable_prior_when_nothing_was_seen(units: int) -> None:
    prior = fit_prior(np.zeros(units), np.zeros(units))
    assert prior.mean == pytest.approx(0.5, abs=0.01)
    assert np.isfinite(prior.strength)
    assert prior.node_weight.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("hits", [0.0, 1e6])
def test_fit_stays_off_the_edge_when_all_or_nothing_succeeds(hits: float) -> None:
    prior = fit_prior(np.array([1e6]), np.array([hits]))
    assert 0.0 < prior.mean < 1.0
    belief = posterior(prior, np.array([1e6]), np.array([hits]))
    assert np.isfinite(belief.quantiles).all()


def test_comparison_of_two_unknowns_is_a_coin_toss() -> None:
    # Two uniform rates: each is best half the time, the better one is 2/3 on average,
    # so showing either gives away 2/3 - 1/2 = 1/6.
    found = compare(
        flat([1, 1], [1, 1]), np.ones(2), np.random.default_rng(1), draws=40_000
    )
    assert found.probability_best == pytest.approx([0.5, 0.5], abs=0.01)
    assert found.expected_loss == pytest.approx([1 / 6, 1 / 6], abs=0.005)


def test_comparison_knows_the_chance_worked_by_hand() -> None:
    # P(Beta(2, 1) > uniform) is the mean of Beta(2, 1): 2/3.
    found = compare(
        flat([2, 1], [1, 1]), np.ones(2), np.random.default_rng(1), draws=40_000
    )
    assert found.probability_best == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_comparison_of_a_single_unit_loses_nothing_and_ties_with_itself() -> None:
    found = compare(flat([3], [7]), np.zeros(1), np.random.default_rng(1), draws=100)
    assert found.probability_best.tolist() == [1.0]
    assert found.expected_loss.tolist() == [0.0]
    assert found.probability_beats_mix.tolist() == [0.5]


def test_comparison_is_the_same_when_the_seed_is() -> None:
    belief, traffic = flat([2, 3, 4], [9, 9, 9]), np.array([5.0, 0.0, 1.0])
    one, two = (
        compare(belief, traffic, np.random.default_rng(7), draws=500, watch=(1,))
        for _ in range(2)
    )
    assert one.expected_loss.tolist() == two.expected_loss.tolist()
    assert one.watched[1].tolist() == two.watched[1].tolist()


def test_mix_follows_the_traffic() -> None:
    # All traffic on the second unit: beating the mix is beating that unit.
    belief = flat([200, 100], [100, 200])
    found = compare(belief, np.array([0.0, 8.0]), np.random.default_rng(1), draws=2_000)
    assert found.mix.mean() == pytest.approx(1 / 3, abs=0.005)
    assert found.probability_beats_mix.tolist() == [1.0, 0.5]
