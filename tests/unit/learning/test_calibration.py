"""What past nights teach: the worth of evidence, and the grade of a claim."""

import numpy as np
import pytest

from warehouse.learning.calibration import (
    PastNight,
    Reliability,
    evidence_scale,
    grade,
    past_nights,
    reliability,
)
from warehouse.learning.posteriors import Counts, fit_prior


def steady(units: int, days: int, *, seed: int = 1, wobble: float = 0.0) -> Counts:
    """Rates around 20 %; with a wobble they are drawn anew every two weeks."""
    rng = np.random.default_rng(seed)
    spells = -(-days // 14)
    logit = -1.4 + 0.3 * rng.standard_normal((units, 1))
    logit = logit + wobble * rng.standard_normal((units, spells))
    rate = 1 / (1 + np.exp(-np.repeat(logit, 14, axis=1)[:, :days]))
    trials = rng.poisson(300, rate.shape)
    unit, day = np.indices(rate.shape)
    return Counts(
        units=units,
        unit=unit.ravel(),
        age_days=(days - 1.0 - day).ravel(),
        trials=trials.ravel().astype(float),
        successes=rng.binomial(trials, rate).ravel().astype(float),
    )


def test_evidence_counts_fully_when_there_is_no_past() -> None:
    assert evidence_scale([]) == 1.0
    assert past_nights(steady(5, 10), half_life_days=14) == []


def test_evidence_counts_nearly_fully_when_rates_are_steady() -> None:
    nights = past_nights(steady(40, 100), half_life_days=14)
    assert evidence_scale(nights) >= 0.7


def test_evidence_counts_little_when_rates_jump_every_two_weeks() -> None:
    nights = past_nights(steady(40, 98, wobble=0.3), half_life_days=14)
    assert evidence_scale(nights) <= 0.1


def test_evidence_stays_near_full_when_a_single_small_night_went_wrong() -> None:
    # 4 of 20 were believed, 4 of 5 came: odd, but one night of five trials.
    night = PastNight(
        origin=14,
        prior=fit_prior(np.full(9, 20.0), np.full(9, 4.0)),
        trials=np.array([20.0]),
        successes=np.array([4.0]),
        raw_rate=np.array([0.2]),
        came_trials=np.array([5.0]),
        came_successes=np.array([4.0]),
    )
    assert evidence_scale([night]) >= 0.3


def test_nights_are_skipped_when_the_history_is_shorter() -> None:
    # 40 days: of the nights 14, 21, 28, 35, 42 .. days ago only the first four have a past.
    nights = past_nights(steady(5, 40), half_life_days=14)
    assert [night.origin for night in nights] == [35, 28, 21, 14]


def test_night_knows_nothing_of_what_came_after_it() -> None:
    whole = steady(5, 60)
    old = whole.age_days >= 14
    cut = Counts(
        units=5,
        unit=whole.unit[old],
        age_days=whole.age_days[old],
        trials=whole.trials[old],
        successes=whole.successes[old],
    )
    changed = Counts(
        units=5,
        unit=whole.unit,
        age_days=whole.age_days,
        trials=whole.trials,
        successes=np.where(old, whole.successes, 0.0),
    )
    assert past_nights(cut, half_life_days=14)[-1].origin == 21
    night = past_nights(changed, half_life_days=14)[-1]
    same = past_nights(whole, half_life_days=14)[-1]
    assert night.origin == same.origin == 14
    assert night.successes.tolist() == same.successes.tolist()
    assert night.came_successes.sum() == 0.0


def test_record_is_good_when_rates_are_steady() -> None:
    # Over 20 seeds the coverage of nominal 80 % intervals, and skill against the plain
    # rate of four weeks.
    records = [
        reliability(past_nights(steady(40, 100, seed=s), half_life_days=14))
        for s in range(20)
    ]
    cover = np.average(
        [r.cover80 for r in records], weights=[r.forecasts for r in records]
    )
    assert cover == pytest.approx(0.80, abs=0.04)
    assert np.mean([r.skill for r in records]) > 0


def test_record_is_empty_when_there_was_nothing_to_judge() -> None:
    record = reliability([])
    assert (record.forecasts, record.cover80, record.skill) == (0, 0.0, 0.0)
    assert not record.calibrated


@pytest.mark.parametrize("rate", [0.1, 0.9])
def test_record_counts_only_forecasts_of_enough_successes_and_misses(
    rate: float,
) -> None:
    # Two units of rate 0.1 (0.9): 100 trials to come promise 10 successes (misses), 10
    # trials only 1.
    prior = fit_prior(np.full(50, 1_000.0), np.full(50, 1_000.0 * rate))
    night = PastNight(
        origin=14,
        prior=prior,
        trials=np.array([1_000.0, 1_000.0]),
        successes=np.array([1_000.0, 1_000.0]) * rate,
        raw_rate=np.array([rate, rate]),
        came_trials=np.array([100.0, 10.0]),
        came_successes=np.array([100.0, 10.0]) * rate,
    )
    record = reliability([night])
    assert record.forecasts == 1
    assert record.cover80 == 1.0


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Reliability(forecasts=40, cover80=0.80, skill=0.1), True),
        (Reliability(forecasts=39, cover80=0.80, skill=0.1), False),
        (Reliability(forecasts=40, cover80=0.74, skill=0.1), False),
        (Reliability(forecasts=40, cover80=0.86, skill=0.1), False),
        (Reliability(forecasts=40, cover80=0.80, skill=0.0), False),
    ],
)
def test_model_may_move_money_only_when_its_record_is_good(
    record: Reliability, expected: bool
) -> None:
    assert record.calibrated is expected


@pytest.mark.parametrize(
    ("enough", "calibrated", "quasi", "experiment", "expected"),
    [
        (True, True, True, True, "A"),
        (False, False, True, False, "B"),
        (True, True, False, False, "C"),
        (True, False, False, False, "D"),
        (False, True, False, False, "E"),
    ],
)
def test_grade_is_the_best_that_stands_behind_a_claim(
    enough: bool, calibrated: bool, quasi: bool, experiment: bool, expected: str
) -> None:
    found = grade(
        enough_trials=enough,
        calibrated=calibrated,
        quasi_experiment=quasi,
        experiment=experiment,
    )
    assert found == expected
