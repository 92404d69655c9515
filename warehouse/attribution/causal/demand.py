"""How far demand moves by itself, region by region and week by week.

Where flights go to where demand is, a region's week with many touches has many conversions
whoever was reached. Each cell gets an effect of its own on all of its people, normal, and how
wide these are is learnt: where demand stands still they shrink to nothing, and weeks on and
off remain to learn from. Not here: the fit that holds them (hazards.py).
Source: MacKay 1992, "Bayesian interpolation" (the effective number of parameters).
"""

import numpy as np

from warehouse.attribution.causal.hazards import FORMS, fitted
from warehouse.attribution.causal.inputs import Array
from warehouse.attribution.causal.panel import Panel

FIRST, LEAST, MOST = 0.2, 0.03, 2.0  # deviations, in log hazard
ROUNDS = 6
SETTLED = 0.1  # of itself


def deviation(panel: Panel) -> tuple[float, Array]:
    """Of the cells' effects, in log hazard, 0.03 to 2; and where the search for a mode begins."""
    width = FIRST
    model, fit = fitted(panel, FORMS[0], width)
    cells = slice(model.columns, model.free)
    for _ in range(ROUNDS if model.cells else 0):
        known = np.linalg.inv(model.curvature(model.parts(fit.x)))
        told = model.cells - np.trace(known[cells, cells]) / width**2
        before, seen = width, float((fit.x[cells] ** 2).sum())
        width = min(max(float(np.sqrt(seen / max(told, 1e-9))), LEAST), MOST)
        model, fit = fitted(panel, FORMS[0], width, fit.x)
        if abs(width / before - 1) < SETTLED:
            break
    return width, fit.x
