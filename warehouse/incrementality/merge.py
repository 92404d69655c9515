"""What a test found, merged with an estimate of what it was about: by precision, once.

One Gaussian update of effects e with covariance S by a finding y about the sum a'e, standard
error r: e' = e + S a (y - a'e) / (a'S a + r^2), S' = S - S a a'S / (a'S a + r^2). Errors that
effects share travel through S, so a finding about one corrects the others.
Pure. Not here: where estimates come from (flights.py, warehouse/attribution/causal), which
tests may be used (store.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CONFLICT = 3.0  # standard errors


@dataclass(frozen=True)
class Finding:
    """`mean` and `se` are of the sum of the effects that `of` marks with 1.

    Shape: of (effects,). Units: as the effects.
    """

    of: Array
    mean: float
    se: float


def contradiction(effect: Array, covariance: Array, finding: Finding) -> float:
    """The squared gap where it is wider than three standard errors, else 0."""
    gap = finding.mean - finding.of @ effect
    variance = finding.of @ covariance @ finding.of + finding.se**2
    return float(gap**2) if abs(gap) > CONFLICT * np.sqrt(variance) else 0.0


def merged(
    effect: Array, covariance: Array, finding: Finding, widening: float = 0.0
) -> tuple[Array, Array, float]:
    """Effects, covariance, and the log likelihood that the finding costs.

    `widening` is added to the variance of the sum before: that of a contradiction, so that
    the test is believed.
    """
    if widening:
        doubt = np.diag(covariance) * finding.of
        along = doubt / doubt.sum() if doubt.any() else finding.of / finding.of.sum()
        covariance = covariance + widening * np.outer(along, along)
    gap = float(finding.mean - finding.of @ effect)
    mass = float(finding.of @ covariance @ finding.of) + finding.se**2
    if mass <= 0:
        return effect, covariance, 0.0
    pull = covariance @ finding.of / mass
    return (
        effect + pull * gap,
        covariance - np.outer(pull, finding.of @ covariance),
        gap**2 / (2 * mass),
    )
