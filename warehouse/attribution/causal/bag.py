"""Credits as the mean over a hundred reweighted samples of people, not at the mode.

Each draw gives every person an exponential weight and takes one Newton step from the mode;
forms count by their weight. Not here: what a credit is (credits.py), intervals (lift.py).
Source: Rubin 1981, "The Bayesian bootstrap"; Breiman 1996, "Bagging predictors".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.causal.credits import channel_sums, credited, removed
from warehouse.attribution.causal.hazards import (
    FORMS,
    Fit,
    Likelihood,
    fitted,
    form_weights,
)
from warehouse.attribution.causal.inputs import Array, Bools, Options
from warehouse.attribution.causal.panel import Panel

DRAWS_WIDENED = 1.3  # deviations; learnt on worlds that no figure is reported of
FORMS_WIDENED = 2.0  # variances; likewise


@dataclass(frozen=True)
class Bag:
    """Shape: credits (conversions, q) mean over draws; covariance (channels, channels) of
    channel totals; order_free_to_removed (channels,): a total by credits over what taking
    the channel out would cost."""

    credits: Array
    covariance: Array
    order_free_to_removed: Array
    form_weight: dict[str, float]


def bagged(panel: Panel, channels: int, counted: Bools, o: Options) -> Bag:
    """`counted` says which conversions enter the totals. Shape: (conversions,)."""
    random = np.random.default_rng([o.seed, 3])
    people, owner = np.unique(panel.person, return_inverse=True)
    drawn = random.exponential(size=(len(people), o.draws))
    fits = [fitted(panel, form) for form in FORMS]
    weight = form_weights([fit for _, fit in fits])
    credits = np.zeros((panel.converted, len(panel.column)))
    totals, form_totals, taken = [], [], np.zeros(channels)
    for share, (model, fit) in zip(weight, fits, strict=True):
        mean, each, lost = _draws(model, fit, panel, owner, drawn, channels, counted)
        credits += share * mean
        totals.append(each)
        form_totals.append(each.mean(axis=0))
        taken += share * lost
    total = channel_sums(credits[counted], panel.column, channels)
    return Bag(
        credits=credits,
        covariance=_covariance(np.stack(totals), np.stack(form_totals), weight),
        order_free_to_removed=np.divide(
            total, taken, out=np.ones(channels), where=taken > 1e-9
        ),
        form_weight=dict(zip(FORMS, weight.tolist(), strict=True)),
    )


def _covariance(totals: Array, forms: Array, weight: Array) -> Array:
    """1.3^2 x covariance of the draws + 2 x covariance of the forms' totals.

    Shape: totals (forms, draws, channels), forms (forms, channels), weight (forms,).
    """
    every = np.repeat(weight / totals.shape[1], totals.shape[1])
    flat = totals.reshape(-1, totals.shape[2])
    centred = flat - every @ flat
    apart = forms - forms.mean(axis=0)
    sampled = (centred * every[:, None]).T @ centred
    spread = apart.T @ apart / len(forms)
    return DRAWS_WIDENED**2 * sampled + FORMS_WIDENED * spread


def _draws(
    model: Likelihood,
    fit: Fit,
    panel: Panel,
    owner: NDArray,
    drawn: Array,
    channels: int,
    counted: Bools,
) -> tuple[Array, Array, Array]:
    """Mean credits, totals of each draw, and what removal of a channel would cost."""
    scores = np.zeros((drawn.shape[0], len(fit.x)))
    order = np.argsort(owner, kind="stable")
    begins = np.searchsorted(owner[order], np.arange(drawn.shape[0]))
    np.add.reduceat(model.scores(model.parts(fit.x))[order], begins, out=scores)
    pulls = scores.T @ (drawn - 1)
    done = slice(0, panel.converted)
    baseline, exposed = panel.baseline[done], panel.exposed[done]
    own = drawn[owner[done]]
    credits = np.zeros(exposed.shape)
    totals = np.zeros((drawn.shape[1], channels))
    lost = np.zeros(channels)
    for draw in range(drawn.shape[1]):
        x = fit.steer.step(fit.x, fit.gradient + pulls[:, draw])
        b = x[model.free :]
        each = credited(fit.form, baseline @ x[: model.free], exposed * b, fit.h0)
        credits += each
        by_weight = own[:, draw] * counted
        totals[draw] = channel_sums(by_weight @ each, panel.column, channels)
        if fit.form == "multiplicative":
            lost += removed(exposed[counted] * b, panel.column, channels)
        else:
            lost += channel_sums(counted @ each, panel.column, channels)
    draws = drawn.shape[1]
    return credits / draws, totals, lost / draws
