"""Lifetime counters as a network would show them: late, and sometimes taken back in part.

For the fakes of platforms that tell totals since publication. A pure function of the final
totals, of how long ago each day is, and of the row's luck. Not here: any platform's names.
"""

import numpy as np

from ingestion.world.frames import Array
from ingestion.world.view import View

NEWEST_SHARE = 0.9  # of the newest day that is counted at all
SPAM_LAG, SPAM_DAYS, SPAM_SHARE = 10, 0.02, 0.3  # later some days lose a part


def served(
    view: View, network: str, row: int, measure: str, last: int, *, spam: bool = True
) -> Array:
    """What is counted of each day up to `last` as of the view; shape (last + 1,).

    `spam`: some days lose a part later, which a daily report would have to be read for.
    """
    days = np.arange(last + 1)
    final = view.delivery[measure][row, : last + 1]
    share = np.where(days == last, NEWEST_SHARE, 1.0)
    if spam:
        hit = view.hash01(f"{network} spam", row, days) < SPAM_DAYS
        share = np.where(hit & (last - days >= SPAM_LAG), 1.0 - SPAM_SHARE, share)
    luck = np.where(share < 1.0, view.hash01(f"{network} served", row, days), 0.0)
    return np.asarray(np.floor(final * share + luck), dtype=np.int64)


def lifetime(view: View, network: str, row: int, measure: str, last: int) -> int:
    """The counter: all days up to `last`."""
    return int(served(view, network, row, measure, last).sum()) if last >= 0 else 0
