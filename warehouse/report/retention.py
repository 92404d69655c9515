"""Where a retention curve breaks: the moment that loses more than those around it.

Every curve falls steeply at its start, so the steepest place says nothing. The share of
those still watching who leave from one point to the next is compared with the median of
its neighbours. Not here: drawing and sentences.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

AROUND = 4  # neighbours on each side
FEWEST = 12  # points below which no break is looked for
OPENING = 0.05  # of the video: leaving here is no verdict on a message
LEAST = 0.02  # of those still watching, beyond the neighbours


def is_known(elapsed: Sequence[float]) -> bool:
    return len(elapsed) >= FEWEST


def steepest(
    elapsed: Sequence[float], watching: Sequence[float]
) -> tuple[float, float] | None:
    """Place of the break and the share of those still watching who leave there.

    Units: shares of the video and of viewers. None when no moment stands out.
    """
    if not is_known(elapsed):
        return None
    lost = [1 - then / now if now > 0 else 0.0 for now, then in pairwise(watching)]
    best: tuple[float, float, float] | None = None
    for index, share in enumerate(lost):
        around = [
            lost[near]
            for near in range(
                max(0, index - AROUND), min(len(lost), index + AROUND + 1)
            )
            if near != index
        ]
        excess = share - median(around)
        if (
            elapsed[index] >= OPENING
            and excess >= LEAST
            and (not best or excess > best[0])
        ):
            best = (excess, elapsed[index], share)
    return best[1:] if best else None
