"""A hold-out of persons: two rates, and whether the lot was fair."""

import numpy as np
import pytest

from warehouse.incrementality.holdout import Arms, read_holdout
from warehouse.incrementality.panel import LiftRefused


def test_difference_of_two_rates_by_hand() -> None:
    # 7,000 treated, 3,000 held out: 280 (4 %) against 90 (3 %), so 210 expected, 70 more.
    # Variance of the rates 0.04 x 0.96 / 7,000 + 0.03 x 0.97 / 3,000 = 5.4857e-6 + 9.7e-6.
    found = read_holdout(Arms(7_000, 3_000, 280, 90, 0.3))
    assert found.expected == pytest.approx(210)
    assert found.incremental == pytest.approx(70)
    assert found.se == pytest.approx(7_000 * np.sqrt(15.185714e-6))
    assert found.p05 == pytest.approx(70 - 1.6448536 * found.se)
    assert found.lift == pytest.approx(1 / 3)
    # ratio 4/3, relative variance 5.4857e-6 / 0.0016 + 9.7e-6 / 0.0009
    assert found.lift_se == pytest.approx(4 / 3 * np.sqrt(0.00342857 + 0.01077778))
    assert found.p_sample_ratio == 1.0
    assert found.grade == "A"


def test_interval_covers_the_truth_in_nine_of_ten_holdouts() -> None:
    rng = np.random.default_rng(11)
    inside = []
    for _ in range(400):
        control = rng.binomial(9_000, 0.3)
        arms = Arms(
            treated=9_000 - control,
            control=control,
            treated_conversions=rng.binomial(9_000 - control, 0.024),
            control_conversions=rng.binomial(control, 0.02),
            control_share=0.3,
        )
        found = read_holdout(arms)
        inside.append(found.p05 <= 0.004 * arms.treated <= found.p95)
    # 400 draws at 90 %: standard error 1.5 points
    assert 0.855 <= np.mean(inside) <= 0.945


def test_holdout_without_effect_claims_nothing() -> None:
    assert read_holdout(Arms(7_000, 3_000, 212, 90, 0.3)).grade == "D"


def test_unfair_lot_is_seen() -> None:
    # 3,300 of 10,000 where 30 % were to be held out: 6.5 standard errors of 46
    found = read_holdout(Arms(6_700, 3_300, 300, 90, 0.3))
    assert found.p_sample_ratio < 1e-9
    assert not found.is_sound
    assert found.grade == "D"


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        (Arms(100, 100, 101, 20, 0.5), "101 treated conversions of 100 persons"),
        (Arms(100, 100, 20, 9, 0.5), "9 control conversions, 10 are needed"),
        (Arms(100, 100, 20, 20, 1.0), "control_share is 1: write the share"),
        (Arms(100, 100, 20, 20, float("nan")), "control_share is nan"),
    ],
)
def test_counts_that_make_no_sense_are_refused(arms: Arms, said: str) -> None:
    with pytest.raises(LiftRefused, match=said):
        read_holdout(arms)
