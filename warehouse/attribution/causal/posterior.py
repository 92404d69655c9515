"""What is known of the effects after the data: draws of b under one form of hazard.

The likelihood is the quadratic around the mode, g and u profiled out, as wide as the scores of
people make it. A channel's effect is half normal; how wide that is for all channels, each
width as likely before, is learnt with them, so that where nothing is caused all of them
shrink. How an effect fades is unknown too: the mean of some neighbouring half-lives, each
run of them as likely before.
Not here: the mode (hazards.py), credits of a draw (averaged.py). Source: Gelman 2006, "Prior
distributions for variance parameters in hierarchical models"; Mueller 2013, "Risk of Bayesian
inference in misspecified models, and the sandwich covariance matrix".
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.linalg import cho_solve
from scipy.special import log_ndtr, ndtr, ndtri

from warehouse.attribution.causal.hazards import Fit, Likelihood
from warehouse.attribution.causal.inputs import Array, Ints
from warehouse.attribution.causal.panel import Panel

WIDTHS = np.geomspace(0.002, 0.6, 40)  # of an effect, in shares of the conversions
FIRST_WIDTH = 0.05
SWEEPS = 80
LEAST_PRECISION = 1e-6
FAR_BELOW = -30.0  # deviations: beyond, a truncated normal is an exponential


@dataclass(frozen=True)
class Quadratic:
    """Log likelihood of b up to a constant: pull b - b' precision b / 2.

    `mode` is what g, u and b expand around, `follow` (k + cells, q) how g and u move with b.
    Shape: pull (q,), precision (q, q), mode (k + cells + q,).
    """

    pull: Array
    precision: Array
    mode: Array
    follow: Array

    def beside(self, b: Array) -> Array:
        """g and u where b is given. Shape: (q,) to (k + cells,)."""
        free = len(self.follow)
        return self.mode[:free] - self.follow @ (b - self.mode[free:])


def quadratic(model: Likelihood, fit: Fit, owner: Ints) -> Quadratic:
    """`owner` numbers the person of each row from 0. Shape: (rows,).

    Rows that stand for many person-days, and people with several conversions, tell less than
    the curvature promises: it is divided by how much wider the scores of people spread.
    """
    free = model.free
    shrinkage = model.precision[free:]
    b, steer = fit.x[free:], fit.steer
    follow = cho_solve(steer.gg, steer.gb)
    precision = steer.profiled - np.diag(shrinkage)
    gradient = fit.gradient[free:] - shrinkage * b
    settled = cho_solve(steer.gg, fit.gradient[:free])
    gradient = gradient - steer.gb.T @ settled
    own = _scores(model, fit, follow, owner)
    floor = 1e-9 * np.trace(precision) * np.eye(len(b))
    spread = np.trace(np.linalg.solve(precision + floor, own.T @ own))
    wider = max(float(spread) / max(int((np.diag(precision) > 0).sum()), 1), 1e-9)
    return Quadratic(
        pull=(precision @ b - gradient) / wider,
        precision=precision / wider,
        mode=np.concatenate([fit.x[:free] - settled, b]),
        follow=follow,
    )


def _scores(model: Likelihood, fit: Fit, follow: Array, owner: Ints) -> Array:
    """Each person's part of the gradient by b, what g and u take up left out. Shape:
    (people, q)."""
    panel = model.panel
    by_log, by_sum = model.slopes(model.parts(fit.x))
    taken = panel.baseline @ follow[: model.columns]
    taken += np.vstack([follow[model.columns :], np.zeros(follow.shape[1])])[panel.cell]
    scores = panel.exposed * by_sum[:, None] - taken * by_log[:, None]
    order = np.argsort(owner, kind="stable")
    begins = np.searchsorted(owner[order], np.arange(int(owner.max()) + 1))
    found: Array = np.add.reduceat(scores[order], begins, axis=0)
    return found


def effects(random: Generator, told: Quadratic, panel: Panel, draws: int) -> Array:
    """Gibbs sampling, as many chains as draws. Shape: (draws, q).

    A channel that no conversion has behind it stays 0.
    """
    usual = panel.exposed[: panel.converted].mean(axis=0)
    column = np.where(usual > 0, panel.column, -1)
    unit = np.where(usual > 0, usual, 1.0)
    pull, precision = told.pull / unit, told.precision / np.outer(unit, unit)
    columns = [np.flatnonzero(column == c) for c in np.unique(column[column >= 0])]
    shapes = [_runs(panel.half_life[own]) for own in columns]
    theta = np.zeros((draws, len(unit)))
    size = np.zeros((draws, len(columns)))
    width = np.full(draws, FIRST_WIDTH)
    every = np.arange(draws)
    for _ in range(SWEEPS):
        for i, (own, shape) in enumerate(zip(columns, shapes, strict=True)):
            theta[:, own] = 0.0
            left = (pull[own] - theta @ precision[:, own]) @ shape.T
            curve = np.einsum("sa,ab,sb->s", shape, precision[np.ix_(own, own)], shape)
            tight = curve + LEAST_PRECISION + 1 / width[:, None] ** 2
            mean, sd = left / tight, 1 / np.sqrt(tight)
            chance = np.log(sd) + left * mean / 2 + log_ndtr(mean / sd)
            picked = _one_of(random, chance)
            size[:, i] = _above_zero(random, mean[every, picked], sd[every, picked])
            theta[:, own] = size[:, [i]] * shape[picked]
        squares = (size**2).sum(axis=1)
        # the grid is even in logarithms: one factor of the width makes all as likely before
        chance = (1 - size.shape[1]) * np.log(WIDTHS)
        chance = chance - np.outer(squares, 0.5 / WIDTHS**2)
        width = WIDTHS[_one_of(random, chance)]
    return theta / unit


def _runs(half_life: Array) -> Array:
    """Means of neighbouring half-lives. Shape: (runs, half-lives), rows summing to 1."""
    order, size = np.argsort(half_life), len(half_life)
    found = []
    for length in range(1, size + 1):
        for begin in range(size - length + 1):
            run = np.zeros(size)
            run[order[begin : begin + length]] = 1 / length
            found.append(run)
    return np.array(found)


def _one_of(random: Generator, log_chance: Array) -> Ints:
    """One option a row, by its chance. Shape: (rows, options) to (rows,)."""
    return (log_chance + random.gumbel(size=log_chance.shape)).argmax(axis=1)


def _above_zero(random: Generator, mean: Array, sd: Array) -> Array:
    """Normal draws cut off at 0, by the inverse of the distribution function."""
    ratio = mean / sd
    near = np.maximum(ratio, FAR_BELOW)
    drawn = near - ndtri(random.random(mean.shape) * ndtr(near))
    tail = random.exponential(size=mean.shape) / np.maximum(-ratio, 1.0)
    return sd * np.where(ratio < FAR_BELOW, tail, np.maximum(drawn, 0.0))
