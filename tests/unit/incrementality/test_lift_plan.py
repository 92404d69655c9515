"""Power on one's own history, and which channel is worth a test."""

import numpy as np
import pytest

from warehouse.incrementality import wording
from warehouse.incrementality.choose import Channel, choose
from warehouse.incrementality.panel import LiftRefused, Panel
from warehouse.incrementality.plan import (
    POWER,
    Plan,
    Row,
    plan,
    recommended,
    usual_count,
)


def row(days: int, lift: float, power: float, regions: int = 2) -> Row:
    return Row(
        regions=regions,
        days=days,
        lift=lift,
        power=power,
        detectable=0.07,
        error=0.03,
        share=0.1,
        treated=("a", "b"),
    )


def test_power_rises_with_the_lift_and_reaches_80_percent_at_the_detectable(
    noisy: Panel,
) -> None:
    lifts = [0.005, 0.02, 0.10]
    found = plan(noisy, counts=[2], lengths=[14, 21], lifts=lifts)
    assert [(each.days, each.lift) for each in found.rows] == [
        *((14, lift) for lift in lifts),
        *((21, lift) for lift in lifts),
    ]
    for at in (0, 3):
        powers = [each.power for each in found.rows[at : at + 3]]
        assert powers == sorted(powers)
        assert powers[0] < POWER <= powers[2]
        seen = found.rows[at].detectable
        again = plan(noisy, counts=[2], lengths=[found.rows[at].days], lifts=[seen])
        assert again.rows[0].power >= POWER
        just_below = plan(
            noisy, counts=[2], lengths=[found.rows[at].days], lifts=[seen * 0.999]
        )
        assert just_below.rows[0].power < again.rows[0].power


def test_noise_of_days_averages_out_as_it_should(noisy: Panel) -> None:
    # Independent noise of 3 % a day, regions of size s: two treated of typical size over
    # 14 days err by 3 % / sqrt(2 x 14) = 0.57 %, ten to compare with add some.
    found = plan(noisy, counts=[2], lengths=[14], lifts=[0.05])
    assert 0.004 < found.rows[0].error < 0.012


def test_plan_is_the_same_each_time_and_draws_regions_it_knows(noisy: Panel) -> None:
    found = plan(noisy, counts=[1, 3], lengths=[14], lifts=[0.05])
    assert plan(noisy, counts=[3, 1], lengths=[14], lifts=[0.05]) == found
    assert [each.regions for each in found.rows] == [1, 3]
    for each in found.rows:
        assert len(set(each.treated)) == each.regions
        assert set(each.treated) <= set(noisy.regions)
        where = [noisy.regions.index(name) for name in each.treated]
        share = noisy.values[:, where].sum() / noisy.values.sum()
        assert each.share == pytest.approx(share)


def test_lengths_beyond_the_history_are_left_out_and_told(noisy: Panel) -> None:
    # 35 days need 105 before: 140 are there. 36 need 144.
    found = plan(noisy, counts=[2], lengths=[35, 36], lifts=[0.05])
    assert {each.days for each in found.rows} == {35}
    assert found.too_long == (36,)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"counts": [7]}, "7 regions to treat of 12 with .* choose 1 to 6"),
        ({"counts": [0]}, "0 regions to treat"),
        ({"lengths": [60]}, "140 days of history, a test of 60 days is planned on 240"),
        ({"lengths": [0]}, "plan one day or more"),
        ({"lifts": [0.0]}, "plan for one above 0"),
    ],
)
def test_plans_that_make_no_sense_are_refused(
    noisy: Panel, asked: dict[str, list[float]], said: str
) -> None:
    with pytest.raises(LiftRefused, match=said):
        plan(noisy, **{"counts": [2], "lengths": [14], "lifts": [0.1], **asked})  # type: ignore[arg-type]


def test_too_few_regions_are_refused(noisy: Panel) -> None:
    few = Panel(noisy.days, noisy.regions[:4], noisy.values[:, :4])
    with pytest.raises(
        LiftRefused, match="4 regions have outcomes from the start on, too few"
    ):
        plan(few, counts=[usual_count(few)], lengths=[14], lifts=[0.1])


def test_shortest_is_the_first_length_and_then_the_fewest_regions() -> None:
    found = Plan(
        rows=(
            row(14, 0.05, 0.79),
            row(21, 0.05, 0.81, regions=4),
            row(21, 0.05, 0.80),
            row(28, 0.05, 0.95),
            row(28, 0.02, 0.30),
        ),
        too_long=(),
    )
    assert found.shortest(0.05) == row(21, 0.05, 0.80)
    assert found.shortest(0.02) is None
    assert recommended(found) == row(21, 0.05, 0.80)
    assert wording.proposal(found, 0.05).startswith("5%: 21 days in 2 regions")
    assert "none of these tests" in wording.proposal(found, 0.02)


def test_plan_without_any_power_recommends_the_sharpest() -> None:
    sharper = Row(**{**row(28, 0.05, 0.1).__dict__, "detectable": 0.06})
    found = Plan(rows=(row(14, 0.05, 0.1), sharper), too_long=())
    assert recommended(found) == sharper


def test_test_narrows_as_a_gaussian_update_does() -> None:
    # sd 60 and a test of 80: 3600 / (3600 + 6400) = 0.36 of the variance goes, 0.64 stays:
    # 60 x 0.8 = 48. Of all that is in doubt, 3600 + 900, 1296 goes: 28.8 %.
    found = choose(
        [Channel("small", 10, 30, 5), Channel("wide", 50, 60, 1)], test_se=80.0
    )
    assert [each.channel for each in found] == ["wide", "small"]
    assert found[0].sd_after == pytest.approx(48.0)
    assert found[0].narrowed == pytest.approx(0.288)


def test_test_of_one_channel_narrows_those_that_err_with_it() -> None:
    # S = [[4, 2], [2, 9]], test variance 1: the first takes (4^2 + 2^2) / 5 = 4 of 13,
    # the second (9^2 + 2^2) / 10 = 8.5 of 13.
    both = [Channel("a", 1, 2, 1), Channel("b", 1, 3, 1)]
    found = choose(both, test_se=1.0, covariance=np.array([[4.0, 2.0], [2.0, 9.0]]))
    assert [(c.channel, pytest.approx(c.narrowed)) for c in found] == [
        ("b", 8.5 / 13),
        ("a", 4 / 13),
    ]


def test_what_is_not_bought_stands_last_and_is_not_proposed() -> None:
    found = choose([Channel("mail", 9, 99, 0), Channel("ads", 9, 1, 5)], test_se=1.0)
    assert [each.channel for each in found] == ["ads", "mail"]
    assert wording.choice(found, row(14, 0.05, 0.9)).startswith("Test ads first: 14")
    unpaid = choose([Channel("mail", 9, 99, 0)], test_se=1.0)
    assert wording.choice(unpaid, row(14, 0.05, 0.9)).startswith("No channel has spend")


def test_choice_needs_channels_and_a_covariance_of_their_shape() -> None:
    with pytest.raises(LiftRefused, match="no channel to choose from"):
        choose([], test_se=1.0)
    with pytest.raises(LiftRefused, match=r"shape \(2, 2\) for 1 channels"):
        choose([Channel("a", 1, 1, 1)], test_se=1.0, covariance=np.eye(2))


@pytest.mark.parametrize(("days", "length"), [(29, 1), (35, 7), (56, 14), (57, 14)])
def test_shortest_history_that_is_allowed_can_be_planned_on(
    noisy: Panel, days: int, length: int
) -> None:
    short = Panel(noisy.days[:days], noisy.regions, noisy.values[:days])
    found = plan(short, counts=[2], lengths=[length], lifts=[0.5])
    assert found.rows[0].power == 1.0
    with pytest.raises(LiftRefused, match="bring more history"):
        plan(short, counts=[2], lengths=[length + 5], lifts=[0.5])
