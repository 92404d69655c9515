"""Three ways in which exposure may add to what would have happened anyway.

mu = exp(Z g) and S = sum of b A, b >= 0: multiplicative mu exp(S), mixed mu (1 + S),
additive mu + h0 S. Each is fitted by Fisher scoring; a step is a least squares with b >= 0
(g profiled out). Shrinkage, about 10 % of conversions per channel, keeps the mode where there
is something to see; the prior that counts is in posterior.py.
Not here: draws (posterior.py), credits (credits.py).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cholesky
from scipy.optimize import nnls

from warehouse.attribution.causal.inputs import Array
from warehouse.attribution.causal.panel import Panel

FORMS = ("multiplicative", "mixed", "additive")
PRIOR_SHARE = 0.06  # of all conversions, per column
PRIOR_RIDGE = 0.1
MOST_STEPS = 60
SETTLED = 1e-7
LARGEST_LOG = 30.0


@dataclass(frozen=True)
class Parts:
    """Shape: all (rows,). mu, h per day; `by_log` and `by_sum` are d log h by Zg and S."""

    mu: Array
    h: Array
    by_log: Array
    by_sum: Array


@dataclass(frozen=True)
class Fit:
    """Shape: x (k + q,): g then b; gradient likewise. Units: h0 per day.

    `loss` is the penalised negative log likelihood; `steer` holds what a step needs.
    """

    form: str
    x: Array
    loss: float
    h0: float
    gradient: Array
    steer: "Steer"


def parts(form: str, log_mu: Array, total: Array, h0: float) -> Parts:
    """Hazard and its slopes, for any shape of rows."""
    mu = np.exp(np.clip(log_mu, -LARGEST_LOG, LARGEST_LOG))
    one = np.ones_like(mu)
    if form == "multiplicative":
        return Parts(mu, mu * np.exp(np.minimum(total, LARGEST_LOG)), one, one)
    if form == "mixed":
        return Parts(mu, mu * (1 + total), one, 1 / (1 + total))
    h = mu + h0 * total
    return Parts(mu, h, mu / h, h0 / h)


class Steer:
    """Least squares with b >= 0 under one curvature H (k + q, k + q)."""

    def __init__(self, curvature: Array, free: int) -> None:
        self.free = free
        self.whole = cho_factor(curvature, lower=True)
        self.gg = cho_factor(curvature[:free, :free], lower=True)
        self.gb = curvature[:free, free:]
        settled = cho_solve(self.gg, self.gb)
        self.profiled: Array = curvature[free:, free:] - self.gb.T @ settled
        tiny = 1e-10 * np.trace(self.profiled) / len(self.profiled)
        self.root = cholesky(self.profiled + tiny * np.eye(len(self.profiled))).copy()

    def step(self, x: Array, gradient: Array) -> Array:
        """Where the quadratic around x, with this gradient, is least."""
        best = x - cho_solve(self.whole, gradient)
        b = nnls(self.root, self.root @ best[self.free :])[0]
        g = best[: self.free] - cho_solve(self.gg, self.gb @ (b - best[self.free :]))
        return np.concatenate([g, b])


class Likelihood:
    """One form on one panel."""

    def __init__(self, panel: Panel, form: str) -> None:
        self.panel, self.form = panel, form
        self.free = panel.baseline.shape[1]
        self.y = np.zeros(len(panel.weight))
        self.y[: panel.converted] = 1.0
        self.h0 = panel.converted / float(panel.weight.sum())
        usual = panel.exposed[: panel.converted].mean(axis=0)
        prior = (usual / PRIOR_SHARE) ** 2 + PRIOR_RIDGE
        self.precision = np.concatenate([panel.ridge, prior])

    def parts(self, x: Array) -> Parts:
        log_mu = self.panel.baseline @ x[: self.free]
        return parts(self.form, log_mu, self.panel.exposed @ x[self.free :], self.h0)

    def loss(self, x: Array, found: Parts) -> float:
        told = (
            self.panel.weight @ found.h - np.log(found.h[: self.panel.converted]).sum()
        )
        return float(told + (self.precision * x**2).sum() / 2)

    def scores(self, found: Parts) -> Array:
        """Gradient of each row. Shape: (rows, k + q)."""
        residual = self.panel.weight * found.h - self.y
        return np.hstack(
            [
                self.panel.baseline * (residual * found.by_log)[:, None],
                self.panel.exposed * (residual * found.by_sum)[:, None],
            ]
        )

    def gradient(self, x: Array, found: Parts) -> Array:
        residual = self.panel.weight * found.h - self.y
        return self.precision * x + np.concatenate(
            [
                (residual * found.by_log) @ self.panel.baseline,
                (residual * found.by_sum) @ self.panel.exposed,
            ]
        )

    def curvature(self, found: Parts) -> Array:
        root = np.sqrt(self.panel.weight * found.h)
        scaled = np.hstack(
            [
                self.panel.baseline * (root * found.by_log)[:, None],
                self.panel.exposed * (root * found.by_sum)[:, None],
            ]
        )
        return scaled.T @ scaled + np.diag(self.precision)


def fitted(panel: Panel, form: str) -> tuple[Likelihood, Fit]:
    """The mode of one form."""
    model = Likelihood(panel, form)
    x = np.zeros(len(model.precision))
    x[0] = np.log(model.h0)
    found = model.parts(x)
    loss = model.loss(x, found)
    for _ in range(MOST_STEPS):
        gradient = model.gradient(x, found)
        steer = Steer(model.curvature(found), model.free)
        aim, part = steer.step(x, gradient) - x, 1.0
        while part > 1e-4:
            tried = x + part * aim
            there = model.parts(tried)
            value = model.loss(tried, there)
            if value < loss:
                break
            part /= 2
        else:
            break
        gain, x, found, loss = loss - value, tried, there, value
        if gain < SETTLED * abs(loss) + 1e-6:
            break
    return model, Fit(
        form=form,
        x=x,
        loss=loss,
        h0=model.h0,
        gradient=model.gradient(x, found),
        steer=Steer(model.curvature(found), model.free),
    )


def form_weights(fits: list[Fit]) -> Array:
    """Shape: one per fit, summing to 1: exp(-(loss - best) / 6)."""
    losses = np.array([fit.loss for fit in fits])
    weight = np.exp(-(losses - losses.min()) / 6)
    return weight / weight.sum()
