"""One row of credit per lead and what it owes to: touches of a browser, or ads of a region.

A channel bought region by region is told by its flights alone, clicks included; every other
one by the visits of browsers, corrected by experiments. What a lead owes to nobody is
`not_caused`, or `unattributed` where no touch of it was seen: each lead's rows sum to one.
Not here: the evidence (regions.py, browsers.py), tables (run.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.causal import lift
from warehouse.attribution.causal.inputs import Array, Bools, LiftTest
from warehouse.attribution.causal.model import Causal, Estimate, corrected
from warehouse.attribution.modelled import NINETY
from warehouse.attribution.nightly.browsers import Browsers
from warehouse.attribution.nightly.regions import Unit
from warehouse.incrementality.store import Calibration

NOT_CAUSED = "not_caused"
EXPERIMENT, FLIGHTS, VISITS = "experiment", "flights", "visits"


class Credit(NamedTuple):
    """Part of a lead, by its row; keys are null where the evidence knows no such thing."""

    lead: int
    touch_id: str | None
    channel: str
    video_key: str | None
    variant_key: str | None
    placement_key: str | None
    credit: float


class Evidence(NamedTuple):
    """What a channel, or a video that is switched on purpose, adds; and how one knows.

    Units: leads. `p05` and `p95` are the 90 % interval, never below 0.
    """

    channel: str
    video_key: str | None
    evidence: str
    evidence_grade: str
    leads: float
    leads_p05: float
    leads_p95: float


@dataclass(frozen=True)
class Told:
    """Credits and evidence; `caused_se` is of all leads together."""

    credits: list[Credit]
    evidence: list[Evidence]
    caused_se: float


def told(
    leads: int,
    touched: Bools,
    browsers: Browsers | None,
    units: Sequence[Unit],
    tests: Sequence[Calibration],
) -> Told:
    """`touched` says which leads had a touch in their lookback. Shape: (leads,)."""
    by_region = {unit.channel for unit in units}
    causal = _causal(browsers, by_region, tests) if browsers else None
    owed = _Owed(leads, browsers, causal, units)
    credits = [*owed.touches(), *owed.ads()]
    left = 1.0 - owed.shares.sum(axis=1)
    credits += [
        Credit(
            row, None, NOT_CAUSED if seen else "unattributed", None, None, None, rest
        )
        for row, (rest, seen) in enumerate(
            zip(left.tolist(), touched.tolist(), strict=True)
        )
        if rest > 0
    ]
    variance = sum(unit.se**2 for unit in units)
    if causal:
        variance += float(causal.covariance.sum())
    tested = {test.channel for test in tests}
    return Told(
        credits=credits,
        evidence=[
            *_of_units(units),
            *_of_browsers(browsers, causal, by_region, tested),
        ],
        caused_se=float(np.sqrt(max(variance, 0.0))),
    )


def _causal(
    browsers: Browsers, by_region: set[str], tests: Sequence[Calibration]
) -> Causal:
    """Without the channels that flights tell, and with what experiments found."""
    names = browsers.channels
    other = np.array([name not in by_region for name in names])
    place = {name: c for c, name in enumerate(names) if other[c]}
    return corrected(
        _only(browsers.estimate, other),
        [
            LiftTest(place[test.channel], test.incremental_conversions, test.se)
            for test in tests
            if test.channel in place
        ],
    )


def _only(estimate: Estimate, kept: Bools) -> Estimate:
    split = estimate.split
    mine = kept[split.channel]
    return replace(
        estimate,
        credits=np.where(kept, estimate.credits, 0.0),
        covariance=np.where(np.outer(kept, kept), estimate.covariance, 0.0),
        split=replace(
            split,
            conversion=split.conversion[mine],
            channel=split.channel[mine],
            touch=split.touch[mine],
            credit=split.credit[mine],
        ),
    )


class _Owed:
    """Shares of every lead by channel of browsers and by unit, no lead above one.

    Shape: shares (leads, channels + units).
    """

    def __init__(
        self,
        leads: int,
        browsers: Browsers | None,
        causal: Causal | None,
        units: Sequence[Unit],
    ) -> None:
        self.browsers, self.causal, self.units = browsers, causal, units
        self.channels = len(browsers.channels) if browsers else 0
        before = np.zeros((leads, self.channels + len(units)))
        if browsers and causal:
            before[browsers.lead, : self.channels] = causal.credits
        for u, unit in enumerate(units):
            sum_of = float(unit.share.sum())
            if sum_of > 0:
                before[:, self.channels + u] = unit.share * (unit.total / sum_of)
        self.shares = lift.scaled(before, before.sum(axis=0))
        self.factor: Array = np.divide(
            self.shares, before, out=np.zeros_like(before), where=before > 0
        )

    def touches(self) -> Iterator[Credit]:
        if not self.browsers or not self.causal:
            return
        split, keys = self.causal.touches, self.browsers.touch
        lead = self.browsers.lead[split.conversion]
        credit = split.credit * self.factor[lead, split.channel]
        columns = [
            _texts(keys[key])[split.touch]
            for key in ("touch_id", "video_key", "variant_key", "placement_key")
        ]
        for row, c, part, touch, video, variant, placement in zip(
            lead.tolist(),
            split.channel.tolist(),
            credit.tolist(),
            *columns,
            strict=True,
        ):
            if part > 0:
                name = self.browsers.channels[c]
                yield Credit(row, touch, name, video, variant, placement, part)

    def ads(self) -> Iterator[Credit]:
        for u, unit in enumerate(self.units):
            for row, part in enumerate(self.shares[:, self.channels + u].tolist()):
                for video, share in unit.videos.items():
                    if part * share > 0:
                        yield Credit(
                            row, None, unit.channel, video, None, None, part * share
                        )


def _texts(values: NDArray) -> NDArray:
    """With None where the column is null. Shape: (touches,)."""
    texts = np.array(np.ma.getdata(values), dtype=object)
    texts[np.ma.getmaskarray(values)] = None
    return texts


def _of_units(units: Sequence[Unit]) -> Iterator[Evidence]:
    """A video by itself where it is switched on purpose, then each channel as a whole.

    No effect is negative, so the whole is worth at least what its surest part is.
    """
    for unit in units:
        if unit.video is not None:
            yield Evidence(
                unit.channel,
                unit.video,
                FLIGHTS,
                _grade([unit]),
                unit.total,
                unit.p05,
                unit.p95,
            )
    for channel in sorted({unit.channel for unit in units}):
        mine = [unit for unit in units if unit.channel == channel]
        total = sum(unit.total for unit in mine)
        estimate = sum(unit.estimate for unit in mine)
        reach = NINETY * sum(unit.se**2 for unit in mine) ** 0.5
        yield Evidence(
            channel,
            None,
            FLIGHTS,
            _grade(mine),
            total,
            max(min(max(estimate - reach, 0.0), total), *(unit.p05 for unit in mine)),
            max(estimate + reach, total),
        )


def _grade(units: Sequence[Unit]) -> str:
    """Flights that the team sets on purpose, and that show something, are more than company."""
    return "B" if any(unit.declared and unit.p05 > 0 for unit in units) else "D"


def _of_browsers(
    browsers: Browsers | None,
    causal: Causal | None,
    by_region: set[str],
    tested: set[str],
) -> Iterator[Evidence]:
    if not browsers or not causal:
        return
    for c, name in enumerate(browsers.channels):
        if name not in by_region:
            is_tested = name in tested
            yield Evidence(
                name,
                None,
                EXPERIMENT if is_tested else VISITS,
                "A" if is_tested else "D",
                float(causal.total[c]),
                float(causal.low[c]),
                float(causal.high[c]),
            )
