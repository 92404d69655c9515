"""What would have happened in the treated regions: three ways to weigh the others.

All three bring every other region to the size of the treated ones (both measured on the
days of the fit) and then weigh them, the weights summing to 1:

- difference-in-differences: by size, which is the ratio of the totals after and before;
- synthetic control: never negative, so that the days before are met best
  (Abadie, Diamond & Hainmueller 2010);
- ridge-augmented: what the synthetic control leaves is met by a ridge regression over the
  regions; weights may turn negative (Ben-Michael, Feller & Rothstein 2021).

Pure. Not here: how far they err (placebo.py).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize

from warehouse.incrementality.panel import Array

Weigher = Callable[[Array, Array], Array]

RIDGE = 0.3  # of the mean diagonal: flat between 0.1 and 3 in simulated worlds
SUM_TO_ONE = 1e3  # how much harder than a day the sum is met, before it is made exact
LEAST_EXPECTED = 0.05  # of what there was before: no fit may expect less


class Gap(NamedTuple):
    """How far a stretch of days lies from what the days before it say.

    Units: `ratio` observed / expected - 1; `expected`, `observed` outcomes;
    `fit_error` root mean square of a day of the fit, as a share of its mean.
    """

    ratio: float
    observed: float
    expected: float
    fit_error: float


def difference_in_differences(outcomes: Array, compared: Array) -> Array:
    """Weights by size alone. Shape: (n_days,), (n_days, n); returns (n,)."""
    sizes = compared.sum(axis=0)
    weights: Array = sizes / sizes.sum()
    return weights


def synthetic_control(outcomes: Array, compared: Array) -> Array:
    """Weights >= 0 with sum 1 that come closest on these days.

    Shape: outcomes (n_days,), compared (n_days, n) of the same size; returns (n,).
    Source: Abadie, Diamond & Hainmueller 2010, without covariates. Solved as
    non-negative least squares on the Cholesky factor of the normal equations.
    """
    count = compared.shape[1]
    normal = compared.T @ compared
    scale = float(np.trace(normal)) / count
    hard = SUM_TO_ONE * scale
    held = normal + hard
    held[np.diag_indices(count)] += 1e-9 * scale
    root = linalg.cholesky(held)
    aim = linalg.solve_triangular(root, compared.T @ outcomes + hard, trans=1)
    weights, _ = optimize.nnls(root, aim, maxiter=100 * count)
    shares: Array = weights / weights.sum()
    return shares


def ridge_augmented(outcomes: Array, compared: Array) -> Array:
    """The synthetic control and a ridge regression of what it leaves.

    Shape: as `synthetic_control`; weights sum to 1.
    Source: Ben-Michael, Feller & Rothstein 2021, equation 9, in the space of regions.
    """
    weights = synthetic_control(outcomes, compared)
    centred = compared - compared.mean(axis=1, keepdims=True)
    normal = centred.T @ centred
    count = len(weights)
    penalty = RIDGE * max(float(np.trace(normal)) / count, 1e-12)
    normal[np.diag_indices(count)] += penalty
    left = centred.T @ (outcomes - compared @ weights)
    augmented: Array = weights + linalg.solve(normal, left, assume_a="pos")
    return augmented


FLAGSHIP = "ridge_augmented"
ESTIMATORS: Mapping[str, Weigher] = {
    FLAGSHIP: ridge_augmented,
    "synthetic_control": synthetic_control,
    "difference_in_differences": difference_in_differences,
}


def on_scale(weigh: Weigher, outcomes: Array, compared: Array) -> Array:
    """Weights on the regions as they are, fitted on these days.

    Shape: outcomes (n_days,), compared (n_days, n), all with a positive mean;
    returns (n,): `compared @ weights` is in units of `outcomes`.
    """
    scale = outcomes.mean() / compared.mean(axis=0)
    if weigh is difference_in_differences:
        return weigh(outcomes, compared) * scale
    return weigh(outcomes, compared * scale) * scale


def gap(
    weigh: Weigher, outcomes: Array, compared: Array, *, start: int, stop: int
) -> Gap:
    """Days `start` to `stop` against what the days before `start` say.

    Shape: outcomes (n_days,), compared (n_days, n).
    """
    weights = on_scale(weigh, outcomes[:start], compared[:start])
    usual = float(outcomes[:start].mean())
    left = outcomes[:start] - compared[:start] @ weights
    said = float((compared[start:stop] @ weights).sum())
    expected = max(said, LEAST_EXPECTED * usual * (stop - start))
    observed = float(outcomes[start:stop].sum())
    return Gap(
        ratio=observed / expected - 1,
        observed=observed,
        expected=expected,
        fit_error=float(np.sqrt(np.mean(left**2))) / usual,
    )
