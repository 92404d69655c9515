"""One plain sentence per recommendation: number, comparison, certainty, consequence.

Not here: deciding (recommend.py). A sentence never shows a raw winner: all rates are
posterior means, and the claim is no stronger than the grade allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from warehouse.learning import policy
from warehouse.learning.beliefs import Belief
from warehouse.learning.posteriors import QUANTILES, Array

# What may be said of a move, and why there is none yet, by evidence grade.
PROMISES = {
    "A": "was shown by experiment to bring",
    "B": "is very likely to bring",
    "C": "is expected to bring",
}
DOUBTS = {
    "A": "that is not certain enough to move money",
    "B": "that is not certain enough to move money",
    "C": "that is not certain enough to move money",
    "D": "that goes along with the variant and is not shown to come from it",
    "E": "that cannot be told from so few recent trials",
}
LOW, HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


@dataclass(frozen=True)
class Case:
    """What a sentence needs to know of a variant. Units: rates."""

    variant: str
    channel: str
    metric: str
    rate: float
    low: float
    high: float
    mix: float
    letter: str
    tested: tuple[str, ...]

    @classmethod
    def of(cls, belief: Belief, unit: int, *, letter: str) -> "Case":
        """The case of one variant."""
        quantiles = belief.posterior.quantiles[unit]
        return cls(
            variant=belief.group.variants[unit],
            channel=belief.group.channel.replace("_", " "),
            metric=belief.group.metric.replace("_", " "),
            rate=float(belief.posterior.mean[unit]),
            low=float(quantiles[LOW]),
            high=float(quantiles[HIGH]),
            mix=float(belief.comparison.mix.mean()),
            letter=letter,
            tested=tuple(belief.group.variants[u] for u in belief.challengers),
        )

    @property
    def stands(self) -> str:
        """Number and comparison, the opening of every sentence."""
        return (
            f"{self.variant} on {self.channel} has a {self.metric} of "
            f"{percent(self.rate)} (80 % interval {percent(self.low)} to "
            f"{percent(self.high)}) against {percent(self.mix)} for today's mix"
        )


def scale(case: Case, *, gain: Array, beats: float, size: float) -> str:
    """Move traffic to the leader."""
    return (
        f"{case.stands}, is better with a probability of {certainty(beats)}, and "
        f"moving {share(size)} of the traffic to it {PROMISES[case.letter]} "
        f"{brings(gain)}."
    )


def retire(case: Case, *, gain: Array, beats: float, size: float) -> str:
    """Take the laggard's traffic away."""
    return (
        f"{case.stands}, is worse with a probability of {certainty(beats)}, and giving "
        f"its {share(size)} of the traffic to the others {PROMISES[case.letter]} "
        f"{brings(gain)}."
    )


def test(case: Case, *, beats: float, worth: float, cost: float) -> str:
    """Find out before money moves."""
    won = several(worth, "success")
    return (
        f"{case.stands} and is better with a probability of {certainty(beats)}, but "
        f"{DOUBTS[case.letter]} (grade {case.letter}), so test it against "
        f"{listed(case.tested)} with {share(policy.TEST_SHARE)} of the traffic, which "
        f"can win {won} in {policy.HORIZON_DAYS} days and costs about {cost:,.0f}."
    )


def hold(
    case: Case,
    *,
    beats: float,
    test: tuple[float, float] | None,
    obstacles: Sequence[str],
    more_trials: float,
) -> str:
    """Keep today's mix, and say what would change the answer.

    `test`: worth and cost of a test, None if a guardrail forbids it.
    """
    why = list(obstacles)
    if test:
        worth, cost = test
        why.append(f"a test would win {several(worth, 'success')} and cost {cost:,.0f}")
    if not test:
        change = "until that is settled"
    elif isfinite(more_trials) and more_trials >= 1:
        change = f"unless about {several(more_trials, 'more trial')} say otherwise"
    else:
        change = f"for {policy.HORIZON_DAYS} days unless the gap widens"
    return (
        f"{case.stands} and is better with a probability of {certainty(beats)}, but "
        f"{listed(why)}, so keep today's mix {change}."
    )


def brings(gain: Array) -> str:
    """The consequence in successes, with its interval."""
    low, high = np.quantile(gain, policy.INTERVAL)
    return (
        f"{several(float(gain.mean()), 'more success')} in {policy.HORIZON_DAYS} days "
        f"({low:,.0f} to {high:,.0f})"
    )


def percent(rate: float) -> str:
    """A rate in per cent with three significant digits."""
    return f"{100 * rate:#.3g}".rstrip(".") + " %"


def several(number: float, thing: str) -> str:
    """`1 trial`, `2,000 trials`, `3 successes`."""
    plural = thing + ("es" if thing.endswith("s") else "s")
    text = f"{number:,.0f}"
    return f"{text} {thing if text == '1' else plural}"


def share(part: float) -> str:
    """A share of traffic in whole per cent."""
    return f"{100 * part:.0f} %"


def certainty(probability: float) -> str:
    """A probability in whole per cent, never quite 0 or 100."""
    if probability > 0.99:
        return "more than 99 %"
    return "less than 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
