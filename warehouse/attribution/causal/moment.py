"""Intent at the moment of a row: what the filter knew at midnight, and the day since then.

A visit in the morning says something of the wish to buy in the afternoon. Known only from
the next day on, it would be taken for what the visit did. Not here: the filter (intent.py).
"""

import numpy as np

from warehouse.attribution.causal import intent
from warehouse.attribution.causal.exposure import Pairs
from warehouse.attribution.causal.inputs import Array, Ints, Touches
from warehouse.attribution.causal.intent import Known
from warehouse.attribution.causal.scan import Scanned


def known_at(
    scanned: Scanned, touches: Touches, pairs: Pairs, person: Ints, at: Array
) -> Known:
    """Shape: person, at (rows,); `pairs` are the touches behind each row."""
    day = at.astype(np.int64)
    expected = scanned.expected(person, day) * (at - day)[:, None]
    counts = np.zeros(expected.shape)
    today = touches.at[pairs.touch] >= day[pairs.row]
    touch = pairs.touch[today]
    np.add.at(counts, (pairs.row[today], touches.channel[touch]), 1.0)
    midnight = Known(
        scanned.mean[person, day].astype(np.float64),
        scanned.variance[person, day].astype(np.float64),
    )
    return intent.updated(scanned.model, midnight, counts, expected)
