"""What to do next: guardrails, then act, then test, then hold, in this order.

Each group of competing variants gets one recommendation for its leader against today's
mix, and one to retire its laggard if that is beyond doubt. Pure: beliefs in, rows out.
Not here: thresholds (policy.py), sentences (wording.py), the chain of rows (ledger.py).
"""

from datetime import date

import numpy as np
from scipy import special

from warehouse.learning import policy, wording
from warehouse.learning.beliefs import Belief
from warehouse.learning.calibration import grade
from warehouse.learning.guardrails import guardrails
from warehouse.learning.ledger import Recommendation, recommendation
from warehouse.learning.posteriors import Array

STEP_IF_ALLOWED = policy.CAPS["C"]  # what a hold is compared with


def recommend(
    belief: Belief, *, as_of: date, stale: frozenset[str]
) -> list[Recommendation]:
    """The leader's recommendation, and the laggard's if it should be retired.

    A group without traffic in the last 28 days has nothing to decide.
    `stale`: names of all stale sources; those that feed the group stop any move.
    """
    if not belief.traffic.any():
        return []
    stale = policy.stale_for(belief.group.channel, belief.group.objective, stale)
    retired = _for_laggard(belief, as_of, stale)
    return [_for_leader(belief, as_of, stale), *([retired] if retired else [])]


def evidence_grade(belief: Belief, unit: int) -> str:
    """Grade of a claim about one unit: what was seen of it, and the model's record."""
    minimum = policy.OBJECTIVES[belief.group.objective].minimum_trials
    return grade(
        enough_trials=bool(belief.seen[unit] >= minimum),
        calibrated=belief.record.calibrated,
    )


def odds(better: Array) -> tuple[float, float]:
    """Probability to be better (a tie is half), and the mean loss if not (in rate)."""
    beats = np.mean(better > 0) + 0.5 * np.mean(better == 0)
    return float(beats), float(np.mean(np.maximum(-better, 0.0)))


def may_act(action: str, *, beats: float, loss: float, kpi: float) -> bool:
    """Is the claim certain enough, and the price of being wrong small enough?

    Units: `loss` and `kpi` are rates; the loss may be 1 % of the KPI.
    """
    needed = (
        policy.PROBABILITY_IRREVERSIBLE
        if action in policy.IRREVERSIBLE
        else policy.PROBABILITY_REVERSIBLE
    )
    return beats >= needed and loss <= policy.LARGEST_LOSS * kpi


def value_of_test(belief: Belief) -> tuple[float, float]:
    """What a test of leader and challengers is worth in 28 days, and what it costs.

    Worth: afterwards the best of them, if better than today's mix, may take the step of
    an experiment (grade A). Cost: setting up, and a share of the traffic that sees the
    average of those tested instead of the mix. Units: successes.
    """
    traffic, mix = float(belief.traffic.sum()), belief.comparison.mix
    tested = tested_rates(belief)
    won = np.maximum(tested.max(axis=0) - mix, 0.0)
    forgone = max(float(np.mean(mix - tested.mean(axis=0))), 0.0)
    setup = max(policy.TEST_SETUP, policy.LARGEST_LOSS * float(mix.mean()) * traffic)
    cost = setup + policy.TEST_SHARE * traffic * forgone
    return float(won.mean()) * policy.CAPS["A"] * traffic, cost


def tested_rates(belief: Belief) -> Array:
    """Drawn rates of leader and challengers. Shape: (tested, draws)."""
    drawn = belief.comparison.watched
    return np.array([drawn[unit] for unit in (belief.leader, *belief.challengers)])


def more_trials(beats: float, trials: float) -> float:
    """Trials still needed for 80 % at today's difference; infinite if there is none."""
    seen = float(special.ndtri(beats))
    needed = float(special.ndtri(policy.PROBABILITY_REVERSIBLE))
    return trials * max((needed / seen) ** 2 - 1, 0.0) if seen > 0 else float("inf")


def _for_leader(belief: Belief, as_of: date, stale: frozenset[str]) -> Recommendation:
    leader, traffic = belief.leader, float(belief.traffic.sum())
    share = float(belief.traffic[leader]) / traffic if traffic else 0.0
    letter = evidence_grade(belief, leader)
    size = min(policy.CAPS[letter], 1.0 - share)
    better = belief.comparison.watched[leader] - belief.comparison.mix
    beats, loss = odds(better)
    worth, cost = value_of_test(belief)
    rails = guardrails(belief, leader, size=size, letter=letter, stale=stale)
    kpi = float(belief.comparison.mix.mean())
    case = wording.Case.of(belief, leader, letter=letter)
    move = "scale" if share > 0 else "reuse"
    blocked = any(rail.is_hard and not rail.passed for rail in rails)
    action, alternative = "hold", move
    if all(rail.passed for rail in rails) and may_act(
        move, beats=beats, loss=loss, kpi=kpi
    ):
        action, alternative, gain = move, "hold", better * size * traffic
        reason = wording.scale(case, gain=gain, beats=beats, size=size)
    elif not blocked and worth > cost:
        action, alternative, size = "test", "hold", policy.TEST_SHARE
        gain = tested_rates(belief).mean(axis=0) - belief.comparison.mix
        gain = gain * size * traffic
        reason = wording.test(case, beats=beats, worth=worth, cost=cost)
    else:
        # Against what was not done: the step that better evidence would have allowed.
        gain = -better * min(STEP_IF_ALLOWED, 1.0 - share) * traffic
        size = 0.0
        reason = wording.hold(
            case,
            beats=beats,
            test=None if blocked else (worth, cost),
            obstacles=[
                rail.says
                for rail in rails
                if not rail.passed and rail.is_hard == blocked
            ],
            more_trials=more_trials(beats, float(belief.seen[leader])),
        )
        beats, loss = odds(-better)
    return recommendation(
        belief,
        leader,
        as_of=as_of,
        action=action,
        alternative=alternative,
        size=size,
        gain=gain,
        probability_beats=beats,
        expected_loss=loss,
        voi=worth,
        cost=cost,
        evidence_grade=letter,
        rails=rails,
        reason=reason,
    )


def _for_laggard(
    belief: Belief, as_of: date, stale: frozenset[str]
) -> Recommendation | None:
    laggard, traffic = belief.laggard, float(belief.traffic.sum())
    if laggard is None:
        return None
    size = float(belief.traffic[laggard]) / traffic
    letter = evidence_grade(belief, laggard)
    better = belief.comparison.mix - belief.comparison.watched[laggard]
    beats, loss = odds(better)
    rails = guardrails(belief, laggard, size=size, letter=letter, stale=stale)
    kpi = float(belief.comparison.mix.mean())
    if not all(rail.passed for rail in rails) or not may_act(
        "retire", beats=beats, loss=loss, kpi=kpi
    ):
        return None
    gain = better * size * traffic
    case = wording.Case.of(belief, laggard, letter=letter)
    return recommendation(
        belief,
        laggard,
        as_of=as_of,
        action="retire",
        alternative="hold",
        size=size,
        gain=gain,
        probability_beats=beats,
        expected_loss=loss,
        voi=0.0,
        cost=0.0,
        evidence_grade=letter,
        rails=rails,
        reason=wording.retire(case, gain=gain, beats=beats, size=size),
    )
