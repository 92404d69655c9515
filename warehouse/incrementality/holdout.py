"""A hold-out read: persons drawn by lot never see it, the others may.

Counts of both arms are enough. Units are independent, so no placebo is needed, and the lot
itself is checked: arms of other sizes than were drawn were not compared as drawn.
Pure. Not here: tests by region (lift.py), where the counts come from (the catalogue's
experiments of kind `holdout`).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from warehouse.incrementality.grade import Grade, grade
from warehouse.incrementality.lift import Z
from warehouse.incrementality.panel import LiftRefused

LEAST_CONVERSIONS = 10  # in each arm: below it the interval is not worth its name
UNLIKELY = 0.001  # sizes that a fair lot gives more seldom are a fault of the lot


@dataclass(frozen=True)
class Arms:
    """Persons and conversions of both arms; `control_share` as it was drawn, 0..1."""

    treated: float
    control: float
    treated_conversions: float
    control_conversions: float
    control_share: float


@dataclass(frozen=True)
class Holdout:
    """What the treated arm did more.

    Units: `lift` shares of what was expected; `incremental`, `se`, `p05`, `p95`,
    `observed`, `expected` conversions of the treated arm; `p_sample_ratio` how often a
    fair lot draws arms as unequal.
    """

    lift: float
    lift_se: float
    lift_p05: float
    lift_p95: float
    incremental: float
    se: float
    p05: float
    p95: float
    observed: float
    expected: float
    p_sample_ratio: float
    is_sound: bool
    grade: Grade


def read_holdout(arms: Arms) -> Holdout:
    """Difference of the two rates, at the size of the treated arm.

    The standard error is that of two independent binomial rates; the lift's follows from
    the ratio (delta method).

    Raises: LiftRefused (more conversions than persons, a share outside 0..1, fewer than
    10 conversions in an arm; the message names the figure).
    """
    _refuse(arms)
    rates = np.array(
        [
            arms.treated_conversions / arms.treated,
            arms.control_conversions / arms.control,
        ]
    )
    variances = rates * (1 - rates) / np.array([arms.treated, arms.control])
    expected = float(rates[1] * arms.treated)
    incremental = arms.treated_conversions - expected
    se = arms.treated * float(np.sqrt(variances.sum()))
    lift = incremental / expected
    lift_se = (1 + lift) * float(np.sqrt(np.sum(variances / rates**2)))
    everyone = arms.treated + arms.control
    drawn = everyone * arms.control_share
    spread = np.sqrt(drawn * (1 - arms.control_share))
    p_sample_ratio = float(2 * special.ndtr(-abs(arms.control - drawn) / spread))
    is_fair = p_sample_ratio >= UNLIKELY
    return Holdout(
        lift=lift,
        lift_se=lift_se,
        lift_p05=lift - Z * lift_se,
        lift_p95=lift + Z * lift_se,
        incremental=incremental,
        se=se,
        p05=incremental - Z * se,
        p95=incremental + Z * se,
        observed=arms.treated_conversions,
        expected=expected,
        p_sample_ratio=p_sample_ratio,
        is_sound=is_fair,
        grade=grade(
            is_randomised=True,
            is_sound=is_fair,
            excludes_zero=abs(incremental) > Z * se,
        ),
    )


def _refuse(arms: Arms) -> None:
    if not 0 < arms.control_share < 1:
        raise LiftRefused(
            f"control_share is {arms.control_share:g}: write the share of persons held "
            "out, between 0 and 1"
        )
    for name, persons, conversions in (
        ("treated", arms.treated, arms.treated_conversions),
        ("control", arms.control, arms.control_conversions),
    ):
        if not conversions <= persons:
            raise LiftRefused(
                f"{conversions:g} {name} conversions of {persons:g} persons: count each "
                "person once"
            )
        if not conversions >= LEAST_CONVERSIONS:
            raise LiftRefused(
                f"{conversions:g} {name} conversions, {LEAST_CONVERSIONS} are needed: "
                "let the test run longer"
            )
