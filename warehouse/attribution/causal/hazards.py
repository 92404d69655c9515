"""Three ways in which exposure may add to what would have happened anyway.

mu = exp(Z g + u) and S = sum of b A, b >= 0: multiplicative mu exp(S), mixed mu (1 + S),
additive mu + h0 S. u is the demand of a region's week, normal, as wide as demand.py learns. Each
is fitted by Fisher scoring; a step is a least squares with b >= 0 (g and u profiled out).
Shrinkage, about 10 % of conversions per channel, keeps the mode where there is something to
see; the prior that counts is in posterior.py.
Not here: draws (posterior.py), credits (credits.py).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cholesky
from scipy.optimize import nnls
from scipy.sparse import csr_array

from warehouse.attribution.causal.inputs import Array
from warehouse.attribution.causal.panel import Panel

FORMS = ("multiplicative", "mixed", "additive")
PRIOR_SHARE = 0.06  # of all conversions, per column
PRIOR_RIDGE = 0.1
MOST_STEPS = 60
BLOCK = 8_192  # rows at a time: what is made of them stays in the processor's cache
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
    """Shape: x (k + cells + q,): g, u, b; gradient likewise. Units: h0 per day.

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
    """Least squares with b >= 0 under one curvature H; `free` come before b."""

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
    """One form on one panel. `deviation` of the cells' demand, in log hazard."""

    def __init__(self, panel: Panel, form: str, deviation: float) -> None:
        self.panel, self.form = panel, form
        self.columns = panel.baseline.shape[1]
        self.cells = int(panel.cell.max()) + 1
        self.free = self.columns + self.cells
        self.y = np.zeros(len(panel.weight))
        self.y[: panel.converted] = 1.0
        self.h0 = panel.converted / float(panel.weight.sum())
        usual = panel.exposed[: panel.converted].mean(axis=0)
        prior = (usual / PRIOR_SHARE) ** 2 + PRIOR_RIDGE
        demand = np.full(self.cells, deviation**-2)
        self.precision = np.concatenate([panel.ridge, demand, prior])

    def parts(self, x: Array) -> Parts:
        log_mu = log_baseline(self.panel, x[: self.free])
        return parts(self.form, log_mu, self.panel.exposed @ x[self.free :], self.h0)

    def loss(self, x: Array, found: Parts) -> float:
        told = (
            self.panel.weight @ found.h - np.log(found.h[: self.panel.converted]).sum()
        )
        return float(told + (self.precision * x**2).sum() / 2)

    def slopes(self, found: Parts) -> tuple[Array, Array]:
        """Of each row's loss, by Z g + u and by S. Shape: (rows,)."""
        residual = self.panel.weight * found.h - self.y
        return residual * found.by_log, residual * found.by_sum

    def gradient(self, x: Array, found: Parts) -> Array:
        by_log, by_sum = self.slopes(found)
        return self.precision * x + np.concatenate(
            [
                by_log @ self.panel.baseline,
                self._in_cells(by_log),
                by_sum @ self.panel.exposed,
            ]
        )

    def curvature(self, found: Parts) -> Array:
        """Rows lie in one cell each: its part needs sums by cell, and no columns."""
        root = np.sqrt(self.panel.weight * found.h)
        by_log, by_sum = root * found.by_log, root * found.by_sum
        k, free, size = self.columns, self.free, len(self.precision)
        others = np.r_[:k, free:size]
        told = np.zeros((len(others), len(others)))
        among = np.zeros((self.cells, len(others)))
        for begin in range(0, len(root), BLOCK):
            rows = slice(begin, begin + BLOCK)
            block = np.hstack(
                [
                    self.panel.baseline[rows] * by_log[rows, None],
                    self.panel.exposed[rows] * by_sum[rows, None],
                ]
            )
            told += block.T @ block
            among += self._members(by_log, rows) @ block
        h = np.diag(self.precision)
        h[np.ix_(others, others)] += told
        h[k:free, others] += among
        h[others, k:free] += among.T
        h[k:free, k:free] += np.diag(self._in_cells(by_log**2))
        return h

    def _in_cells(self, values: Array) -> Array:
        """Sums by cell. Shape: (rows,) to (cells,)."""
        found = np.bincount(self.panel.cell + 1, values, self.cells + 1)[1:]
        return found.astype(np.float64)

    def _members(self, values: Array, rows: slice) -> csr_array:
        """Shape: (cells, rows of the slice), `values` where a row lies in the cell."""
        cell = self.panel.cell[rows]
        row = np.flatnonzero(cell >= 0)
        shape = (self.cells, len(cell))
        return csr_array((values[rows][row], (cell[row], row)), shape=shape)


def log_baseline(panel: Panel, free: Array, rows: slice = slice(None)) -> Array:
    """Z g + u. Shape: free (k + cells,), g then u; returns (rows,)."""
    k = panel.baseline.shape[1]
    demand = np.append(free[k:], 0.0)  # a row in no cell, -1, has none
    return panel.baseline[rows] @ free[:k] + demand[panel.cell[rows]]


def fitted(
    panel: Panel, form: str, deviation: float, start: Array | None = None
) -> tuple[Likelihood, Fit]:
    """The mode of one form, sought from `start` (None: an even rate, nothing caused)."""
    model = Likelihood(panel, form, deviation)
    even = np.zeros(len(model.precision))
    even[0] = np.log(model.h0)
    x = even if start is None else start
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
