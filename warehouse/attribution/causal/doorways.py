"""Doorway visits: people who want to buy come in by search or by typing the address.

The last navigational touch within half an hour before a conversion is its consequence, not
its cause, and is taken out. Left in, it takes most of the credit. Not here: other touches.
"""

from datetime import timedelta

import numpy as np

from warehouse.attribution.causal.inputs import Bools, Channels, Conversions, Touches

DOORWAY_DAYS = timedelta(minutes=30) / timedelta(days=1)


def doorways(channels: Channels, touches: Touches, conversions: Conversions) -> Bools:
    """Which touches are the doorway of a conversion.

    Shape: (touches,). A touch at the conversion's own time may be one.
    """
    found = np.zeros(len(touches), dtype=bool)
    index = np.flatnonzero(channels.navigational[touches.channel])
    if not index.size or not len(conversions):
        return found
    span = 2 + max(float(touches.at.max()), float(conversions.at.max()))
    keys = touches.person[index] * span + touches.at[index]
    ends = conversions.person * span + conversions.at
    last = np.searchsorted(keys, ends, side="right") - 1
    touch = index[np.maximum(last, 0)]
    age = conversions.at - touches.at[touch]
    is_one = (
        (last >= 0)
        & (touches.person[touch] == conversions.person)
        & (age <= DOORWAY_DAYS)
    )
    found[touch[is_one]] = True
    return found
