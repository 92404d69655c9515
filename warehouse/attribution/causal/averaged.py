"""Credits as the mean over some hundred draws of the effects, not at the mode.

Forms count by their weight. Not here: how effects are drawn (posterior.py), what a credit is
(credits.py), intervals (lift.py). Source: Hoeting, Madigan, Raftery, Volinsky 1999,
"Bayesian model averaging".
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from warehouse.attribution.causal.credits import channel_sums, credited, removed
from warehouse.attribution.causal.demand import deviation
from warehouse.attribution.causal.hazards import (
    FORMS,
    Fit,
    Likelihood,
    fitted,
    form_weights,
    log_baseline,
)
from warehouse.attribution.causal.inputs import Array, Bools, Ints, Options
from warehouse.attribution.causal.panel import Panel
from warehouse.attribution.causal.posterior import effects, quadratic

DRAWS_WIDENED = 1.15  # deviations; learnt on worlds that no figure is reported of
FORMS_WIDENED = 2.0  # variances; likewise


@dataclass(frozen=True)
class Averaged:
    """Shape: credits (conversions, q) mean over draws; covariance (channels, channels) of
    channel totals; order_free_to_removed (channels,): a total by credits over what taking
    the channel out would cost."""

    credits: Array
    covariance: Array
    order_free_to_removed: Array
    form_weight: dict[str, float]


def averaged(panel: Panel, channels: int, counted: Bools, o: Options) -> Averaged:
    """`counted` says which conversions enter the totals. Shape: (conversions,)."""
    random = np.random.default_rng([o.seed, 3])
    _, owner = np.unique(panel.person, return_inverse=True)
    width, start = deviation(panel)
    fits = [fitted(panel, form, width, start) for form in FORMS]
    weight = form_weights([fit for _, fit in fits])
    credits = np.zeros((panel.converted, len(panel.column)))
    totals, form_totals, taken = [], [], np.zeros(channels)
    for share, (model, fit) in zip(weight, fits, strict=True):
        mean, each, lost = _drawn(random, model, fit, owner, channels, counted, o)
        credits += share * mean
        totals.append(each)
        form_totals.append(each.mean(axis=0))
        taken += share * lost
    total = channel_sums(credits[counted], panel.column, channels)
    return Averaged(
        credits=credits,
        covariance=_covariance(np.stack(totals), np.stack(form_totals), weight),
        order_free_to_removed=np.divide(
            total, taken, out=np.ones(channels), where=taken > 1e-9
        ),
        form_weight=dict(zip(FORMS, weight.tolist(), strict=True)),
    )


def _covariance(totals: Array, forms: Array, weight: Array) -> Array:
    """1.15^2 x covariance of the draws + 2 x covariance of the forms' totals.

    Shape: totals (forms, draws, channels), forms (forms, channels), weight (forms,).
    """
    every = np.repeat(weight / totals.shape[1], totals.shape[1])
    flat = totals.reshape(-1, totals.shape[2])
    centred = flat - every @ flat
    apart = forms - forms.mean(axis=0)
    drawn = (centred * every[:, None]).T @ centred
    return DRAWS_WIDENED**2 * drawn + FORMS_WIDENED * (apart.T @ apart / len(forms))


def _drawn(
    random: Generator,
    model: Likelihood,
    fit: Fit,
    owner: Ints,
    channels: int,
    counted: Bools,
    o: Options,
) -> tuple[Array, Array, Array]:
    """Mean credits, totals of each draw, and what removal of a channel would cost."""
    panel = model.panel
    told = quadratic(model, fit, owner)
    drawn = effects(random, told, panel, o.draws)
    made = slice(panel.converted)
    exposed = panel.exposed[made]
    credits = np.zeros(exposed.shape)
    totals = np.zeros((o.draws, channels))
    lost = np.zeros(channels)
    for draw, b in enumerate(drawn):
        log_mu = log_baseline(panel, told.beside(b), made)
        each = credited(fit.form, log_mu, exposed * b, fit.h0)
        credits += each
        totals[draw] = channel_sums(counted @ each, panel.column, channels)
        if fit.form == "multiplicative":
            lost += removed(exposed[counted] * b, panel.column, channels)
        else:
            lost += totals[draw]
    return credits / o.draws, totals, lost / o.draws
