"""Which channel is worth a test: the one whose answer narrows all intervals most.

A test of a channel with standard error r turns the covariance S into
S - S_i S_i' / (S_ii + r^2) (Gaussian conditioning); what the diagonal loses is what is
learnt, of the channel itself and of all whose errors move with it. A test by region reads the
same total whichever channel it switches, so r is the same for all.
Pure. Not here: what r is (plan.py), reading the file (channels_file.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.incrementality.panel import Array, LiftRefused


@dataclass(frozen=True)
class Channel:
    """What is believed of a channel: outcomes it brought, and its standard deviation."""

    channel: str
    estimate: float
    sd: float
    spend: float


@dataclass(frozen=True)
class Choice:
    """A test of one channel, before it is run.

    Units: `sd`, `sd_after` outcomes; `narrowed` share of the variance of all channels
    that goes; `spend` money that the answer is about; `is_testable` false without spend:
    what is not bought cannot be switched off by region.
    """

    channel: str
    estimate: float
    spend: float
    sd: float
    sd_after: float
    narrowed: float
    is_testable: bool


def choose(
    channels: Sequence[Channel],
    *,
    test_se: float,
    covariance: Array | None = None,
) -> list[Choice]:
    """Tests by what they would narrow, the best first; untestable channels last.

    Shape: covariance (n_channels, n_channels), its diagonal sd^2; without it errors are
    taken as unrelated. Units: `test_se` in the outcomes of the estimates, above 0.

    Raises: LiftRefused for no channel or a covariance of another shape.
    Source: docs/incrementality.md; Gaussian conditioning.
    """
    if not channels:
        raise LiftRefused("no channel to choose from: give their estimates and sd")
    variances = np.array([each.sd**2 for each in channels])
    known = np.diag(variances) if covariance is None else covariance
    if known.shape != (len(channels), len(channels)):
        raise LiftRefused(
            f"a covariance of shape {known.shape} for {len(channels)} channels: give one "
            "row and column per channel, in their order"
        )
    total = float(np.trace(known))
    found = []
    for place, each in enumerate(channels):
        own = float(known[place, place])
        doubt = own + test_se**2
        learnt = float(known[place] @ known[place]) / doubt
        found.append(
            Choice(
                channel=each.channel,
                estimate=each.estimate,
                spend=each.spend,
                sd=float(np.sqrt(own)),
                sd_after=float(np.sqrt(own - own**2 / doubt)),
                narrowed=learnt / total if total > 0 else 0.0,
                is_testable=each.spend > 0,
            )
        )
    return sorted(
        found, key=lambda c: (not c.is_testable, -c.narrowed, -c.spend, c.channel)
    )
