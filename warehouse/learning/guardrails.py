"""Guardrails: what must hold before anything moves.

A hard one that fails leaves only "hold"; the others still allow a test.
Not here: the decision itself (recommend.py).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.learning import policy
from warehouse.learning.beliefs import Belief


@dataclass(frozen=True)
class Guardrail:
    """One check and what it found."""

    name: str
    passed: bool
    says: str
    is_hard: bool = False


def guardrails(
    belief: Belief, unit: int, *, size: float, letter: str, stale: frozenset[str]
) -> list[Guardrail]:
    """All checks before moving `size` of the group's traffic to or from a unit.

    `stale`: sources that feed this group and are late.
    """
    minimum = policy.OBJECTIVES[belief.group.objective].minimum_trials
    seen = float(belief.seen[unit])
    others = int(np.sum(belief.traffic > 0)) - int(belief.traffic[unit] > 0)
    cap = policy.CAPS[letter]
    return [
        Guardrail(
            "data_fresh",
            not stale,
            f"{' and '.join(sorted(stale))} is stale" if stale else "sources are fresh",
            is_hard=True,
        ),
        Guardrail(
            "floor",
            others > 0,
            f"{others} other variants run beside it"
            if others
            else "no other variant runs beside it",
            is_hard=True,
        ),
        # The next two hold by construction: groups never mix objectives, and nothing
        # here was randomised. A lift test brings its own sample-ratio check.
        Guardrail(
            "same_objective", True, "compared within one objective", is_hard=True
        ),
        Guardrail("sample_ratio", True, "no randomised split to check", is_hard=True),
        Guardrail(
            "minimum_exposure",
            seen >= minimum,
            f"{seen:,.0f} of the {minimum:,} trials needed were seen lately",
        ),
        Guardrail("cap_by_grade", 0.0 < size <= cap, _cap(letter, cap, size)),
    ]


def _cap(letter: str, cap: float, size: float) -> str:
    if cap == 0.0:
        return f"grade {letter} may only test"
    if size <= 0.0:
        return "it has all the traffic already"
    return f"{100 * size:.0f} % of the traffic, grade {letter} allows {100 * cap:.0f} %"
