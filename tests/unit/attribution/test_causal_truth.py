"""The flagship on small worlds whose truth is known, and what always holds.

Twenty and more worlds at full size: python -m benchmarks.attribution truth.
"""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from benchmarks.attribution import scores
from benchmarks.attribution.methods import peers
from benchmarks.attribution.truth import Hazard, gains
from benchmarks.attribution.worlds import World, world
from warehouse.attribution.causal.inputs import LiftTest, Options
from warehouse.attribution.causal.model import Causal, Estimate, corrected, estimated

SEEDS = (9_001, 9_002, 9_003)
PEOPLE = 12_000
OPTIONS = Options(draws=40, panel_rows=20_000, filter_people=1_500)


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [world(seed, people=PEOPLE, conversions=1_200) for seed in SEEDS]


@pytest.fixture(scope="module")
def fits(worlds: list[World]) -> list[Estimate]:
    return [estimated(each.inputs, OPTIONS) for each in worlds]


@pytest.fixture(scope="module")
def found(fits: list[Estimate]) -> list[Causal]:
    return [corrected(fit, ()) for fit in fits]


def test_shares_are_nearer_the_truth_than_those_of_every_peer(
    worlds: list[World], found: list[Causal]
) -> None:
    ours = [scores.l1(f.total, w.truth) for w, f in zip(worlds, found, strict=True)]
    best = [min(scores.l1(p.total, w.truth) for p in peers(w).values()) for w in worlds]
    assert np.mean(ours) < 0.75 * np.mean(best)


def test_credits_and_remainder_sum_to_each_conversion(found: list[Causal]) -> None:
    for each in found:
        whole = each.credits.sum(axis=1) + each.not_caused + each.unattributed
        assert np.abs(whole - 1).max() < 1e-9
        assert each.credits.min() >= 0
        assert each.not_caused.min() >= -1e-12


def test_touches_share_what_their_channel_earned(
    worlds: list[World], found: list[Causal]
) -> None:
    for made, each in zip(worlds, found, strict=True):
        split, names = each.touches, len(made.inputs.channels.names)
        sums = np.bincount(
            split.conversion * names + split.channel, split.credit, each.credits.size
        )
        assert sums.reshape(each.credits.shape) == pytest.approx(each.credits, abs=1e-9)
        logged = split.touch >= 0
        owner = made.inputs.touches.person[split.touch[logged]]
        assert (owner == made.inputs.conversions.person[split.conversion[logged]]).all()
        assert not each.doorways[split.touch[logged]].any()


def test_null_channel_gets_nothing(worlds: list[World], found: list[Causal]) -> None:
    for made, each in zip(worlds, found, strict=True):
        null = made.inputs.channels.null
        assert (each.total[null] == 0).all()
        assert (each.high[null] == 0).all()


def test_intervals_hold_their_estimate(found: list[Causal]) -> None:
    for each in found:
        assert (each.low <= each.total + 1e-9).all()
        assert (each.total <= each.high + 1e-9).all()
        assert np.isfinite(each.covariance).all()


def test_same_seed_gives_the_same_bits(
    worlds: list[World], fits: list[Estimate]
) -> None:
    again = estimated(worlds[0].inputs, OPTIONS)
    assert (again.credits == fits[0].credits).all()
    assert (again.covariance == fits[0].covariance).all()


def test_precise_lift_test_is_followed(
    worlds: list[World], fits: list[Estimate], found: list[Causal]
) -> None:
    channel = worlds[0].inputs.channels.names.index("paid_video")
    wanted = 1.5 * found[0].total[channel] + 20
    removal = wanted / fits[0].order_free_to_removed[channel]
    after = corrected(fits[0], [LiftTest(channel, float(removal), 0.1)])
    assert after.total[channel] == pytest.approx(wanted, rel=0.02)
    assert after.high[channel] - after.low[channel] < 2
    whole = after.credits.sum(axis=1) + after.not_caused + after.unattributed
    assert np.abs(whole - 1).max() < 1e-9


def test_conversion_without_any_touch_is_unattributed(worlds: list[World]) -> None:
    # one more conversion of somebody without touches
    made = worlds[0].inputs
    lonely = np.setdiff1d(np.arange(len(made.people)), made.touches.person)[:1]
    order = np.argsort(np.append(made.conversions.person, lonely), kind="stable")
    more = replace(
        made,
        conversions=replace(
            made.conversions,
            person=np.append(made.conversions.person, lonely)[order],
            at=np.append(made.conversions.at, 30.5)[order],
            value=np.append(made.conversions.value, 5.0)[order],
        ),
    )
    each = corrected(estimated(more, OPTIONS), ())
    place = int(np.flatnonzero(order == len(order) - 1)[0])
    assert each.unattributed[place] == 1
    assert each.credits[place].sum() == 0
    assert each.not_caused[place] == 0


def test_touches_before_the_first_day_count_but_not_its_days(
    worlds: list[World],
) -> None:
    made = worlds[1].inputs
    later = made.conversions.at >= 14
    cut = replace(
        made,
        first_day=14,
        conversions=replace(
            made.conversions,
            person=made.conversions.person[later],
            at=made.conversions.at[later],
            value=made.conversions.value[later],
        ),
    )
    each = corrected(estimated(cut, OPTIONS), ())
    share = scores.l1(each.total, worlds[1].truth)
    assert share < 0.75  # of the whole window's truth: the effects are the same
    early = made.touches.at[each.touches.touch[each.touches.touch >= 0]] < 14
    assert early.any()


@pytest.mark.parametrize("form", ["additive", "multiplicative", "mixed", "rooted"])
def test_truth_equals_shapley_over_all_orders(form: str) -> None:
    # four channels at one moment; the first's visits are partly sent by two others
    def block(value: float) -> np.ndarray:
        return np.full((1, 1), value, dtype=np.float32)

    halo = {(0, 0): 0.1, (1, 0): 0.25, (0, 1): 0.2, (1, 1): 0.4}
    sums = [0.4, 0.3, 0.5, 0.2]
    made = Hazard(
        form,
        [block(s) for s in sums],
        (0, 1, 2),
        {key: block(s) for key, s in halo.items()},
        block(-1.0),
        0.7,
    )

    def worth(on: set[int]) -> float:
        mu = np.exp(-1.0)
        total = sum(sums[c] for c in on if c)
        total += halo[int(1 in on), int(2 in on)] if 0 in on else 0
        unit = {"mixed": mu, "rooted": np.sqrt(mu * 0.7), "additive": 0.7}
        if form == "multiplicative":
            return float(mu * np.exp(total))
        return float(mu + unit[form] * total)

    expected = np.zeros(4)
    for order in permutations(range(4)):
        joined: set[int] = set()
        for c in order:
            expected[c] += (worth(joined | {c}) - worth(joined)) / 24
            joined.add(c)
    assert [float(g[0, 0]) for g in gains(made)] == pytest.approx(expected, rel=1e-5)
    assert made.total() - made.total(without=1) == pytest.approx(
        worth({0, 1, 2, 3}) - worth({0, 2, 3}), rel=1e-5
    )
