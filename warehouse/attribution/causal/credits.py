"""Credit of a conversion: what each exposure added to the hazard at that moment.

Aumann-Shapley: column c gets s_c / S x (1 - mu / h), the rest mu / h would have happened
anyway. In the additive and mixed forms this is what taking a channel out costs; in the
multiplicative one it is the split that knows no order. A column's credit is shared by its
touches as they weigh in it. Source: Aumann and Shapley 1974.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.attribution.causal.hazards import parts
from warehouse.attribution.causal.inputs import Array, Ints, Touches
from warehouse.attribution.causal.panel import Panel


def credited(form: str, log_mu: Array, contributions: Array, h0: float) -> Array:
    """Shape: log_mu (conversions,), contributions b A (conversions, q); same shape back."""
    total = contributions.sum(axis=1)
    found = parts(form, log_mu, total, h0)
    caused = 1 - found.mu / found.h
    per_unit = np.divide(caused, total, out=np.zeros_like(total), where=total > 1e-300)
    return contributions * per_unit[:, None]


def removed(contributions: Array, column: Ints, channels: int) -> Array:
    """Conversions that taking a channel out costs in the multiplicative form."""
    by_channel = np.zeros((len(contributions), channels))
    for q, c in enumerate(column.tolist()):
        by_channel[:, c] += contributions[:, q]
    return (1 - np.exp(-by_channel)).sum(axis=0)


def channel_sums(values: Array, column: Ints, channels: int) -> Array:
    """Columns added up by channel. Shape: (q,) or (rows, q); returns (channels,)."""
    flat = values if values.ndim == 1 else values.sum(axis=0)
    return np.bincount(column, flat, channels).astype(np.float64)


def by_channel(credits: Array, column: Ints, channels: int) -> Array:
    """Shape: (conversions, q) to (conversions, channels)."""
    found = np.zeros((len(credits), channels))
    for q, c in enumerate(column.tolist()):
        found[:, c] += credits[:, q]
    return found


@dataclass(frozen=True)
class TouchCredits:
    """Shape: all (rows,). `touch` -1: exposure of the channel that nobody logged."""

    conversion: Ints
    channel: Ints
    touch: Ints
    credit: Array


def touch_credits(panel: Panel, touches: Touches, credits: Array) -> TouchCredits:
    """Each column's credit, shared by its touches as they weigh in it, and what is left.

    Shape: credits (conversions, q). A channel's credit keeps its sum.
    """
    pairs = panel.pairs
    channel = touches.channel[pairs.touch]
    dose = touches.dose[pairs.touch]
    shared = np.zeros(len(pairs.row))
    count = int(panel.column.max(initial=0)) + 1
    unlogged = np.zeros((panel.converted, count))
    place = {
        (int(c), float(life)): q
        for q, (c, life) in enumerate(zip(panel.column, panel.half_life, strict=True))
    }
    per_unit = np.divide(
        credits, panel.raw, out=np.zeros_like(credits), where=panel.raw > 1e-300
    )
    for (c, life), q in place.items():
        mine = channel == c
        weight = dose[mine] * np.exp2(-pairs.age[mine] / life)
        shared[mine] += per_unit[pairs.row[mine], q] * weight
        unlogged[:, c] += per_unit[:, q] * panel.unlogged[:, q]
    row, of = np.nonzero(unlogged > 0)
    return TouchCredits(
        conversion=np.concatenate([pairs.row, row]),
        channel=np.concatenate([channel, of]),
        touch=np.concatenate([pairs.touch, np.full(len(row), -1)]),
        credit=np.concatenate([shared, unlogged[row, of]]),
    )
