"""The retention curve a video platform shows: share still watching at each per cent of a video.

Follows from the same survival law as every play. Not here: plays by day.
"""

from __future__ import annotations

import numpy as np

from ingestion.world.channels import CODE
from ingestion.world.frames import Array
from ingestion.world.traits import Traits, survival

POINTS = 100


def retention_curves(traits: Traits, videos: int) -> Array:
    """Shape (videos, 100), monotone falling; point k is k + 1 per cent of the duration.

    A video that is not on the video platform has zeros.
    """
    out = np.zeros((videos, POINTS))
    share = np.arange(1, POINTS + 1) / POINTS
    for row in np.flatnonzero(traits.channel == CODE["youtube_organic"]):
        at = share * traits.seconds[row]
        curve = survival(at, traits.hook[row], np.ones(1), traits.spread[row])
        after = share > traits.drop_at[row]
        out[traits.video[row]] = np.round(
            np.where(after, curve * (1 - traits.drop[row]), curve), 5
        )
    return out
