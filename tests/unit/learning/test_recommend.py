"""The decision rule in its order: guardrails, act, test, hold."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from warehouse.learning import policy
from warehouse.learning.beliefs import Belief, Group, learn
from warehouse.learning.calibration import Reliability
from warehouse.learning.ledger import Recommendation, price_usd
from warehouse.learning.posteriors import Counts
from warehouse.learning.recommend import (
    may_act,
    more_trials,
    odds,
    recommend,
    value_of_test,
)

AS_OF = date(2026, 3, 1)
GOOD = Reliability(forecasts=200, cover80=0.80, skill=0.1)
NONE = Reliability(forecasts=0, cover80=0.0, skill=0.0)
FRESH: frozenset[str] = frozenset()


def believe(
    rates: dict[str, tuple[int, float]],
    *,
    record: Reliability = GOOD,
    days: int = 10,
    ended: int = 0,
    spend_usd: float = 0.0,
    channel: str = "meta",
    objective: str = "awareness",
) -> Belief:
    """A group whose variants saw `trials` a day at exactly `rate`, up to `ended` days
    before the clock."""
    trials = np.repeat([n for n, _ in rates.values()], days).astype(float)
    hits = np.repeat([round(n * rate) for n, rate in rates.values()], days)
    group = Group(
        objective=objective,
        metric="hook_rate",
        channel=channel,
        variants=tuple(rates),
        counts=Counts(
            units=len(rates),
            unit=np.repeat(np.arange(len(rates)), days),
            age_days=np.tile(np.arange(days)[::-1] + float(ended), len(rates)),
            trials=trials,
            successes=hits.astype(float),
        ),
        value_usd=0.0,
        spend_usd=spend_usd,
        last_day=AS_OF,
        clipped=0,
    )
    [belief] = learn([group], as_of=AS_OF)
    return replace(belief, record=record)


def decide(belief: Belief, stale: frozenset[str] = FRESH) -> list[Recommendation]:
    return recommend(belief, as_of=AS_OF, stale=stale)


def failed(advice: Recommendation) -> list[str]:
    return [
        rail["name"] for rail in json.loads(advice.guardrails) if not rail["passed"]
    ]


CLEAR = {"v1": (1_000, 0.30), "v2": (1_000, 0.20), "v3": (1_000, 0.20)}
CLOSE = {"v1": (1_000, 0.202), "v2": (1_000, 0.200), "v3": (1_000, 0.201)}


def test_leader_is_scaled_by_the_cap_when_all_is_clear() -> None:
    advice = decide(believe(CLEAR))[0]
    assert (advice.action, advice.alternative) == ("scale", "hold")
    assert advice.variant_key == "v1"
    assert advice.evidence_grade == "C"
    assert advice.size == policy.CAPS["C"]
    assert advice.probability_beats >= 0.99
    assert advice.expected_loss <= 1e-4
    assert failed(advice) == []


def test_gain_is_the_step_times_the_gap_worked_by_hand() -> None:
    # Gap about 0.30 - 0.2333 = 0.0667 (a little less, being shrunk); 15 % of 30,000
    # trials move: 300 successes. A success cost 600 USD / 7,000 hits.
    belief = believe(CLEAR, spend_usd=600.0)
    advice = decide(belief)[0]
    assert price_usd(belief) == pytest.approx(600 / 7_000)
    assert advice.gain_mean == pytest.approx(300, rel=0.05)
    assert advice.gain_p10 < advice.gain_mean < advice.gain_p90
    assert advice.gain_usd_mean == pytest.approx(advice.gain_mean * 600 / 7_000)


def test_gain_has_no_price_when_nothing_was_paid_or_earned() -> None:
    assert decide(believe(CLEAR))[0].gain_usd_mean is None


@pytest.mark.parametrize("letter", ["D", "E"])
def test_only_a_test_is_proposed_when_the_grade_is_low(letter: str) -> None:
    rates = CLEAR if letter == "D" else {v: (90, r) for v, (_, r) in CLEAR.items()}
    record = NONE if letter == "D" else GOOD
    advice = decide(believe(rates, record=record))
    assert [a.action for a in advice] == ["test"]
    assert advice[0].evidence_grade == letter
    assert advice[0].size == policy.TEST_SHARE
    assert "cap_by_grade" in failed(advice[0])
    assert advice[0].voi > advice[0].cost > 0


def test_mix_is_held_when_a_test_would_win_too_little() -> None:
    advice = decide(believe(CLOSE, record=NONE, days=27))[0]
    assert (advice.action, advice.alternative, advice.size) == ("hold", "scale", 0.0)
    assert advice.voi <= advice.cost
    # The chance that holding is right is what is left of the chance that moving is.
    belief = believe(CLOSE, record=NONE, days=27)
    better = belief.comparison.watched[belief.leader] - belief.comparison.mix
    assert advice.probability_beats == pytest.approx(1 - odds(better)[0])
    assert advice.gain_mean < 0


def test_mix_is_held_when_a_source_of_the_channel_is_stale() -> None:
    advice = decide(believe(CLEAR), frozenset({"meta_ads"}))
    assert [a.action for a in advice] == ["hold"]
    assert failed(advice[0]) == ["data_fresh"]
    assert "meta_ads is stale" in advice[0].reason


def test_move_goes_on_when_a_stale_source_feeds_another_channel() -> None:
    assert decide(believe(CLEAR), frozenset({"tiktok_ads"}))[0].action == "scale"


def test_unknown_channel_waits_for_every_stale_source() -> None:
    belief = believe(CLEAR, channel="podcast")
    assert decide(belief, frozenset({"tiktok_ads"}))[0].action == "hold"


def test_conversion_waits_for_the_journey_sources() -> None:
    belief = believe(CLEAR, objective="conversion")
    assert decide(belief, frozenset({"hubspot"}))[0].action == "hold"
    assert decide(believe(CLEAR), frozenset({"hubspot"}))[0].action == "scale"


def test_single_variant_is_held_because_nothing_runs_beside_it() -> None:
    [advice] = decide(believe({"v1": (1_000, 0.3)}))
    assert advice.action == "hold"
    assert advice.probability_beats == 0.5
    assert "no other variant runs beside it" in advice.reason


def test_nothing_is_recommended_when_the_group_no_longer_runs() -> None:
    assert decide(believe(CLEAR, ended=28)) == []


def test_laggard_is_retired_only_when_it_is_beyond_doubt_and_small_enough() -> None:
    rates = {**{f"v{i}": (1_000, 0.20) for i in range(9)}, "w": (1_000, 0.10)}
    retired = [a for a in decide(believe(rates)) if a.action == "retire"]
    assert [a.variant_key for a in retired] == ["w"]
    assert retired[0].size == pytest.approx(0.1)
    assert retired[0].probability_beats >= policy.PROBABILITY_IRREVERSIBLE
    # A third of all traffic is more than grade C may move at once.
    big = {"v0": (1_000, 0.20), "v1": (1_000, 0.20), "w": (1_000, 0.10)}
    assert all(a.action != "retire" for a in decide(believe(big)))


def test_idle_leader_is_reused_rather_than_scaled() -> None:
    belief = believe(CLEAR)
    idle = belief.traffic.copy()
    idle[0] = 0.0
    advice = decide(replace(belief, traffic=idle))[0]
    assert (advice.action, advice.variant_key) == ("reuse", "v1")


@pytest.mark.parametrize(
    ("action", "beats", "loss", "expected"),
    [
        ("scale", 0.80, 0.002, True),  # 1 % of 0.2 is the most that may be lost
        ("scale", 0.79, 0.002, False),
        ("scale", 0.80, 0.0021, False),
        ("retire", 0.94, 0.0, False),  # not to be undone: 95 %
        ("retire", 0.95, 0.0, True),
    ],
)
def test_act_needs_certainty_and_a_small_loss(
    action: str, beats: float, loss: float, expected: bool
) -> None:
    assert may_act(action, beats=beats, loss=loss, kpi=0.2) is expected


def test_odds_count_a_tie_as_half() -> None:
    # Of four draws one wins, two tie, one loses 0.4: 1/4 + 2/8, and 0.4 / 4.
    assert odds(np.array([0.1, 0.0, 0.0, -0.4])) == pytest.approx((0.5, 0.1))


def test_more_trials_grow_with_the_square_of_the_missing_certainty() -> None:
    # 0.66 is 0.4125 standard deviations, 0.80 is 0.8416: (0.8416 / 0.4125)^2 = 4.163
    # times the trials are needed, 3.163 times more than there are.
    assert more_trials(0.66, 1_000) == pytest.approx(3_163, abs=3)
    assert more_trials(0.5, 1_000) == float("inf")
    assert more_trials(0.9, 1_000) == 0.0


def test_value_of_a_test_is_nothing_when_nobody_could_win() -> None:
    worth, cost = value_of_test(believe({"v1": (1_000, 0.3)}))
    # One variant is its own mix; 1 % of 0.3 * 10,000 successes are spent on setting up.
    assert worth == 0.0
    assert cost == pytest.approx(30, rel=0.01)


@pytest.mark.parametrize(
    ("belief", "says"),
    [
        (believe(CLEAR), "moving 15 % of the traffic to it is expected to bring"),
        (
            believe(CLEAR, record=NONE),
            "not shown to come from it (grade D), so test it",
        ),
        (believe(CLOSE, record=NONE, days=27), "so keep today's mix"),
    ],
    ids=["scale", "test", "hold"],
)
def test_reason_is_one_sentence_with_number_comparison_certainty_and_consequence(
    belief: Belief, says: str
) -> None:
    advice = decide(belief)[0]
    assert advice.reason.startswith("v1 on meta has a hook rate of ")
    assert "% (80 % interval " in advice.reason
    assert "against " in advice.reason
    assert "with a probability of " in advice.reason
    assert says in advice.reason
    assert advice.reason.endswith(".")
    assert ". " not in advice.reason


def test_id_is_the_same_for_the_same_decision_of_a_day_and_other_tomorrow() -> None:
    belief = believe(CLEAR)
    [today, again] = [decide(belief)[0].recommendation_id for _ in range(2)]
    tomorrow = recommend(belief, as_of=date(2026, 3, 2), stale=FRESH)[0]
    assert today == again != tomorrow.recommendation_id
