"""Steps of the flagship, each against figures derived by hand."""

from dataclasses import replace

import numpy as np
import pytest

from warehouse.attribution.causal import exposure, hazards, index, intent, lift, rates
from warehouse.attribution.causal.credits import credited, removed
from warehouse.attribution.causal.doorways import doorways
from warehouse.attribution.causal.inputs import (
    Channels,
    Conversions,
    Inputs,
    LiftTest,
    NotEnoughData,
    People,
    Touches,
    refuse_too_little,
)

MINUTE = 1 / 1440
SEARCH, MAIL, VIDEO = range(3)


def inputs(
    touches: list[tuple[int, int, float]],
    conversions: list[tuple[int, float]],
    people: int = 2,
) -> Inputs:
    """Touches (person, channel, day), conversions (person, day)."""
    person, channel, at = zip(*sorted(touches, key=lambda t: (t[0], t[2])), strict=True)
    flags = np.arange(3)
    return Inputs(
        channels=Channels(
            names=("search", "mail", "video"),
            navigational=flags == SEARCH,
            null=np.zeros(3, dtype=bool),
            bought=np.zeros(3, dtype=bool),
            video=flags == VIDEO,
        ),
        touches=Touches(
            np.array(person), np.array(channel), np.array(at), np.ones(len(at))
        ),
        conversions=Conversions(
            np.array([who for who, _ in conversions], dtype=np.int64),
            np.array([at for _, at in conversions]),
            np.ones(len(conversions)),
        ),
        people=People(
            np.ones(people),
            np.zeros(people, dtype=np.int64),
            np.zeros((people, 0)),
            np.zeros((people, 0), dtype=np.int64),
        ),
        coverage=np.ones(3),
    )


def test_doorway_is_the_last_navigational_touch_within_half_an_hour() -> None:
    made = inputs(
        [
            (0, SEARCH, 2.0 - 40 * MINUTE),  # too early
            (0, SEARCH, 2.0 - 20 * MINUTE),  # not the last
            (0, SEARCH, 2.0 - 10 * MINUTE),  # the doorway
            (0, MAIL, 2.0 - 5 * MINUTE),  # nobody comes by it on his own
            (0, SEARCH, 2.0 + 5 * MINUTE),  # after
            (1, SEARCH, 2.0 - 10 * MINUTE),  # somebody else's
        ],
        [(0, 2.0)],
    )
    found = doorways(made.channels, made.touches, made.conversions)
    assert found.tolist() == [False, False, True, False, False, False]


def test_no_doorway_is_found_where_nobody_converts() -> None:
    made = inputs([(0, SEARCH, 1.0)], [])
    assert not doorways(made.channels, made.touches, made.conversions).any()


def test_exposure_halves_with_age_and_ends_with_the_lookback() -> None:
    # at day 10: ages 0, 2 and 10; half-life 2 gives 1 + 1/2, the oldest is out
    made = inputs([(0, MAIL, 10.0), (0, MAIL, 8.0), (0, VIDEO, 0.0)], [(0, 10.0)])
    person, at = np.array([0, 1]), np.array([10.0, 10.0])
    pairs = exposure.behind(made.touches, person, at, lookback_days=9.0)
    found = exposure.decayed(made, made.touches, pairs, 2, half_life=2.0)
    assert found == pytest.approx(np.array([[0, 1.5, 0], [0, 0, 0]]))


def test_exposure_saturates_at_three() -> None:
    assert exposure.saturated(np.array([0.0, 3.0, 1e9])) == pytest.approx([0, 1.5, 3])


def test_unlogged_dose_counts_whole_days_and_the_part_of_today() -> None:
    # two days of dose 1, half-life 1, at 1.5: yesterday's noon is one day old (1/2), of
    # today half lies behind, a quarter of a day old on average
    daily = np.ones((1, 2), dtype=np.float32)
    found = exposure.decayed_unlogged(
        daily, np.array([0]), np.array([1.5]), half_life=1.0, lookback_days=30.0
    )
    assert found == pytest.approx([0.5 + 0.5 * 2**-0.25])


def test_visited_lately_asks_for_the_fourteen_days_before() -> None:
    made = inputs([(0, SEARCH, 2.5), (1, MAIL, 2.5)], [(0, 20.0)])
    begins = np.array([0, 1, 2])
    found = rates.visited_lately(made, made.touches, begins, 0, 2)
    assert np.flatnonzero(found[0]).tolist() == list(range(3, 17))
    assert not found[1].any()


def test_expected_touches_follow_the_day_and_keep_its_count() -> None:
    # day 0: 30 touches by 100 people, day 1: none; smoothing adds half a touch to a margin
    made = inputs([(n, MAIL, 0.5) for n in range(30)], [(0, 1.5)], people=100)
    where = rates.grid(made, made.touches, [])
    lately = [rates.visited_lately(made, made.touches, where.begins, 0, 100)]
    found = rates.expected(made, made.touches, where, lately).table
    assert found[0, 0, MAIL] == pytest.approx(0.30, abs=0.005)
    assert found[1, 0, MAIL] < 0.01


def test_index_points_where_converters_are() -> None:
    random = np.random.default_rng(1)
    x = random.standard_normal((4_000, 2))
    who = np.flatnonzero(random.random(4_000) < 0.05 * np.exp(x[:, 0]))
    people = People(
        np.ones(4_000), np.zeros(4_000, dtype=int), x, np.zeros((4_000, 0), dtype=int)
    )
    made = Conversions(who, np.zeros(len(who)), np.zeros(len(who)))
    found = index.covariate_index(people, made)
    assert np.corrcoef(found, x[:, 0])[0, 1] > 0.95
    assert (found.mean(), found.std()) == pytest.approx((0, 1))


def test_loadings_without_covariates_come_from_channels_together() -> None:
    # rates exp(0.6 z) and exp(0.2 z); the third follows nothing and gets the floor
    random = np.random.default_rng(2)
    z = random.standard_normal(60_000)
    true = np.array([0.6, 0.4, 0.0])
    rate = 3 * np.exp(np.outer(z, true) - true**2 / 2)
    found = index.loadings(
        np.zeros(len(z)),
        random.poisson(rate),
        np.full(rate.shape, 3.0),
        np.ones(len(z)),
    )
    assert found == pytest.approx([0.6, 0.4, 0.02], abs=0.03)


def test_filter_raises_intent_by_a_touch_and_lowers_it_by_silence() -> None:
    model = intent.Intent(np.array([1.0]), gain=1.0, drift=0.3, memory=0.9)
    counts = np.array([[[1.0], [0.0]]] * 5 + [[[0.0], [0.0]]])
    expected = np.full(counts.shape, 0.2)
    days = iter(zip(counts, expected, strict=True))
    known = [each for each, _ in intent.known_each_day(model, np.zeros(2), days)]
    assert known[0].mean.tolist() == [0.0, 0.0]  # the past only
    assert known[-1].mean[0] > 1.0 > 0.0 > known[-1].mean[1]
    assert (known[-1].variance < known[0].variance).all()


def test_filter_gain_is_found_again() -> None:
    random = np.random.default_rng(3)
    people, loading = 1_500, np.array([0.8, 0.5])
    z = random.standard_normal(people)
    rate = 0.3 * np.exp(np.outer(z, 1.2 * loading) - (1.2 * loading) ** 2 / 2)
    counts = random.poisson(rate, (30, people, 2)).astype(float)
    found = intent.fitted(loading, np.zeros(people), counts, np.full(counts.shape, 0.3))
    assert found.gain == pytest.approx(1.2, rel=0.35)


@pytest.mark.parametrize(
    ("form", "shares"),
    [
        # mu = 1, S = 1 + 1: h = e^2, 3, and 1 + 2 x 0.5
        ("multiplicative", (1 - np.exp(-2)) / 2),
        ("mixed", 1 / 3),
        ("additive", 1 / 4),
    ],
)
def test_credit_is_what_exposure_added(form: str, shares: float) -> None:
    found = credited(form, np.zeros(1), np.array([[1.0, 1.0]]), h0=0.5)
    assert found == pytest.approx(np.array([[shares, shares]]))


def test_nothing_is_credited_where_nothing_was_seen() -> None:
    assert credited("mixed", np.zeros(1), np.zeros((1, 2)), 0.5).tolist() == [[0, 0]]


def test_removal_counts_columns_of_a_channel_together() -> None:
    found = removed(np.array([[0.5, 0.5, 2.0]]), np.array([0, 0, 1]), channels=2)
    assert found == pytest.approx([1 - np.exp(-1), 1 - np.exp(-2)])


def test_form_weights_fall_with_a_sixth_of_the_loss() -> None:
    class Fitted:
        def __init__(self, loss: float) -> None:
            self.loss = loss

    found = hazards.form_weights([Fitted(10.0), Fitted(16.0)])  # type: ignore[list-item]
    assert found == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))])


def test_lift_test_moves_the_channels_that_err_together() -> None:
    # variance 400 against noise 100: four fifths of the gap of 10; the second channel
    # errs against the first (covariance -200): -200 / 500 of the gap
    covariance = np.array([[400.0, -200.0], [-200.0, 400.0]])
    tests = [LiftTest(channel=0, conversions=60.0, se=10.0)]
    found = lift.calibrated(np.array([50.0, 50.0]), covariance, tests, np.ones(2))
    assert found.total == pytest.approx([58.0, 46.0])
    assert found.covariance[0, 0] == pytest.approx(400 - 400**2 / 500)
    assert found.conflicts == ()


def test_lift_test_in_conflict_is_believed_and_named() -> None:
    tests = [LiftTest(channel=0, conversions=500.0, se=10.0)]
    found = lift.calibrated(np.array([50.0]), np.array([[100.0]]), tests, np.ones(1))
    assert found.conflicts == (0,)
    assert found.total[0] == pytest.approx(500, rel=0.01)


def test_lift_test_is_first_put_on_the_scale_of_credits() -> None:
    # removal costs twice what the credits say: a test of 100 means 50
    tests = [LiftTest(channel=0, conversions=100.0, se=2.0)]
    found = lift.calibrated(
        np.array([50.0]), np.array([[100.0]]), tests, np.array([0.5])
    )
    assert found.total == pytest.approx([50.0])


def test_calibrated_credits_never_exceed_one_conversion() -> None:
    # the first channel is to have 1.1: doubled, the first conversion would hold 1.1 and
    # is full; what it cannot take goes to the second
    credits = np.array([[0.5, 0.1], [0.05, 0.1]])
    found = lift.scaled(credits, np.array([1.1, 0.2]))
    assert found.sum(axis=0) == pytest.approx([1.1, 0.2], rel=1e-3)
    assert found.sum(axis=1).max() <= 1 + 1e-12


def test_calibrated_credits_lose_what_no_conversion_can_take() -> None:
    found = lift.scaled(np.array([[0.5], [0.25]]), np.array([3.0]))
    assert found == pytest.approx(np.array([[1.0], [1.0]]))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (inputs([(0, MAIL, 1.0)], [(0, 2.0)]), "1 conversions, 300 are the least"),
        (
            inputs([(0, MAIL, 1.0)], [(0, 2.0)] * 300),
            "1 channels, 3 are the least",
        ),
        (
            inputs([(0, c, 1.0) for c in range(3)], [(0, 2.0), (1, 2.0)] * 150),
            "everybody converted",
        ),
    ],
)
def test_too_little_is_refused_with_what_is_missing(made: Inputs, said: str) -> None:
    with pytest.raises(NotEnoughData, match=said):
        refuse_too_little(made)


def test_channels_that_are_all_declared_null_leave_nothing_to_estimate() -> None:
    made = inputs([(0, c, 1.0) for c in range(3)], [(0, 2.0)] * 300)
    refuse_too_little(made)
    null = replace(made.channels, null=np.ones(3, dtype=bool))
    with pytest.raises(NotEnoughData, match="every channel is declared to cause"):
        refuse_too_little(replace(made, channels=null))


def test_window_holds_the_last_touch_and_the_last_conversion() -> None:
    made = inputs([(0, MAIL, 1.0)], [(0, 6.9)])
    assert made.days == 7
    assert replace(made, conversions=Conversions(*[np.zeros(0)] * 3)).days == 2  # type: ignore[arg-type]


def test_conversion_before_the_first_day_is_refused() -> None:
    made = replace(inputs([(0, MAIL, 1.0)], [(0, 2.0)]), first_day=3)
    with pytest.raises(ValueError, match=r"day 2\.00 lies before the first day, 3"):
        refuse_too_little(made)
