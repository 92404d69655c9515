"""Effects drawn from their posterior, and intent amid a day, on figures set by hand."""

import numpy as np
import pytest

from tests.unit.attribution.test_causal_steps import inputs
from warehouse.attribution.causal import intent
from warehouse.attribution.causal.averaged import _covariance
from warehouse.attribution.causal.exposure import Pairs, behind
from warehouse.attribution.causal.intent import Intent, Known
from warehouse.attribution.causal.moment import known_at
from warehouse.attribution.causal.panel import Panel
from warehouse.attribution.causal.posterior import Quadratic, effects
from warehouse.attribution.causal.rates import Rates
from warehouse.attribution.causal.scan import Scanned

LIVES = (1.5, 5.0, 14.0)


def panel(channels: int) -> Panel:
    """One conversion with an exposure of 2 in every column."""
    size = channels * len(LIVES)
    none = np.zeros(0, dtype=np.int64)
    return Panel(
        converted=1,
        person=np.zeros(1, dtype=np.int64),
        at=np.zeros(1),
        weight=np.ones(1),
        baseline=np.ones((1, 1)),
        ridge=np.ones(1),
        cell=np.zeros(1, dtype=np.int64),
        exposed=np.full((1, size), 2.0),
        column=np.tile(np.arange(channels), len(LIVES)),
        half_life=np.repeat(LIVES, channels),
        raw=np.full((1, size), 2.0),
        unlogged=np.zeros((1, size)),
        pairs=Pairs(none, none, np.zeros(0)),
    )


def told(found: np.ndarray, sd: float) -> Quadratic:
    """Every column known alone, as `found` with this standard error."""
    precision = np.eye(len(found)) / sd**2
    return Quadratic(
        precision @ found,
        precision,
        np.zeros(1 + len(found)),
        np.zeros((1, len(found))),
    )


def by_channel(b: np.ndarray, channels: int) -> np.ndarray:
    return b.reshape(len(b), len(LIVES), channels).sum(axis=1).mean(axis=0)


def test_precise_effects_are_found_again() -> None:
    found = np.zeros((3, 4))
    found[1] = (0.05, 0.02, 0.08, 0.03)  # half-life of five days
    drawn = effects(np.random.default_rng(1), told(found.ravel(), 0.002), panel(4), 200)
    assert by_channel(drawn, 4) == pytest.approx(found[1], abs=0.004)
    assert (drawn >= 0).all()


def test_effects_shrink_together_where_no_channel_shows_any() -> None:
    random = np.random.default_rng(2)
    nothing = random.normal(0, 0.05, 24)
    one_of_eight = effects(random, told(nothing, 0.05), panel(8), 300)
    # the mean of half a normal that is as wide as the error
    fixed_width = 0.05 * np.sqrt(2 / np.pi)
    assert by_channel(one_of_eight, 8).mean() < fixed_width / 2


def test_channel_behind_no_conversion_stays_at_none() -> None:
    made = panel(3)
    made.exposed[:, made.column == 1] = 0.0
    found = np.full(9, 0.1)
    drawn = effects(np.random.default_rng(3), told(found, 0.01), made, 50)
    assert (drawn[:, made.column == 1] == 0).all()
    assert (drawn[:, made.column != 1].sum(axis=1) > 0).all()


def test_baseline_beside_an_effect_is_the_likeliest_one() -> None:
    random = np.random.default_rng(4)
    root = random.normal(size=(5, 5))
    curvature, mode, free = root @ root.T, random.normal(size=5), 3
    follow = np.linalg.solve(curvature[:free, :free], curvature[:free, free:])
    known = Quadratic(np.zeros(2), np.eye(2), mode, follow)
    b = np.array([0.3, 0.7])
    x = np.concatenate([known.beside(b), b])
    assert (curvature @ (x - mode))[:free] == pytest.approx(np.zeros(free), abs=1e-12)


def test_doubt_is_that_of_the_draws_and_of_the_forms() -> None:
    # two forms, as likely, whose draws are 1 and 3 without any spread: a variance of 1
    totals = np.array([[[1.0], [1.0]], [[3.0], [3.0]]])
    found = _covariance(totals, totals.mean(axis=1), np.array([0.5, 0.5]))
    assert found == pytest.approx(np.array([[1.15**2 * 1.0 + 2.0 * 1.0]]))
    # one form alone, draws 1 and 3
    found = _covariance(totals.reshape(1, 4, 1), np.array([[2.0]]), np.ones(1))
    assert found == pytest.approx(np.array([[1.15**2]]))


def test_touch_of_the_day_raises_intent_and_its_absence_lowers_it() -> None:
    model = Intent(np.array([0.5, 0.2]))
    before = Known(np.zeros(2), np.ones(2))
    expected = np.full((2, 2), 0.3)
    after = intent.updated(model, before, np.array([[1.0, 0.0], [0.0, 0.0]]), expected)
    assert after.mean[0] > 0.2
    assert after.mean[1] < 0
    assert (after.variance < before.variance).all()


def test_only_touches_since_midnight_are_news() -> None:
    made = inputs([(0, 0, 3.9), (0, 0, 4.2), (0, 0, 4.8)], [(1, 4.5)])
    person, at = np.array([0, 0]), np.array([4.1, 4.5])
    pairs = behind(made.touches, person, at, 30.0)
    scanned = Scanned(
        model=Intent(np.full(3, 0.5)),
        index=np.zeros(2),
        mean=np.zeros((2, 5), dtype=np.float32),
        variance=np.ones((2, 5), dtype=np.float32),
        unlogged=(),
        bought=np.zeros(0, dtype=np.int64),
        flight_means=np.zeros((1, 0)),
        rates=Rates(np.full((5, 2, 3), 0.01)),
        kind=np.zeros(2, dtype=np.int64),
        recent=np.zeros((2, 5), dtype=bool),
    )
    known = known_at(scanned, made.touches, pairs, person, at)
    assert known.mean[0] < 0 < known.mean[1]  # at 4.1 nothing yet, at 4.5 one touch
