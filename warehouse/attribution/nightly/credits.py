"""One row of credit per lead and what it owes to: touches of a browser, or ads of a region.

A channel bought region by region is told by its flights, clicks included; every other one by
the visits of browsers; both are corrected by experiments. What a lead owes to nobody is
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
    """Credits and evidence; `caused_se` is of all leads together.

    `conflicts`: channels whose tests lie more than three standard errors off the rest.
    """

    credits: list[Credit]
    evidence: list[Evidence]
    caused_se: float
    conflicts: frozenset[str]


def told(
    leads: int,
    touched: Bools,
    browsers: Browsers | None,
    units: Sequence[Unit],
    tests: Sequence[Calibration],
) -> Told:
    """`touched` says which leads had a touch in their lookback. Shape: (leads,).

    `units` are merged with the tests of their channels before (regions.py).
    """
    by_region = {unit.channel for unit in units}
    seen = browsers.channels if browsers else ()
    mine = [t for t in tests if t.channel in seen and t.channel not in by_region]
    causal = _causal(browsers, by_region, mine) if browsers else None
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
    merged = {unit.channel: unit.merged for unit in units if unit.merged}
    variance = _variance([unit for unit in units if not unit.merged])
    variance += sum(each.se**2 for each in merged.values())
    if causal:
        variance += float(causal.covariance.sum())
    return Told(
        credits=credits,
        evidence=[
            *_of_units(units),
            *_of_browsers(browsers, causal, by_region, mine),
        ],
        caused_se=float(np.sqrt(max(variance, 0.0))),
        conflicts=frozenset(
            [channel for channel, each in merged.items() if each.is_conflict]
            + [
                mine[position].channel
                for position in (causal.conflicts if causal else ())
            ]
        ),
    )


def _causal(
    browsers: Browsers, by_region: set[str], tests: Sequence[Calibration]
) -> Causal:
    """Without the channels that flights tell, and with what experiments found."""
    names = browsers.channels
    other = np.array([name not in by_region for name in names])
    place = {name: c for c, name in enumerate(names)}
    return corrected(
        _only(browsers.estimate, other),
        [
            LiftTest(place[test.channel], test.incremental_conversions, test.se)
            for test in tests
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
        merged = mine[0].merged
        total = sum(unit.total for unit in mine)
        estimate = sum(unit.estimate for unit in mine)
        reach = NINETY * (merged.se if merged else _variance(mine) ** 0.5)
        yield Evidence(
            channel,
            None,
            EXPERIMENT if merged else FLIGHTS,
            _tested_grade(merged.test) if merged else _grade(mine),
            total,
            max(min(max(estimate - reach, 0.0), total), *(unit.p05 for unit in mine)),
            max(estimate + reach, total),
        )


def _variance(units: Sequence[Unit]) -> float:
    """Of their sum, were each read by itself."""
    return float(sum(unit.se**2 for unit in units))


def _grade(units: Sequence[Unit]) -> str:
    """Flights that the team sets on purpose, and that show something, are more than company."""
    return "B" if any(unit.declared and unit.p05 > 0 for unit in units) else "D"


def _tested_grade(test: Calibration) -> str:
    """Chosen regions are a quasi-experiment, as in a test's own grade."""
    return "A" if test.is_randomised else "B"


def _of_browsers(
    browsers: Browsers | None,
    causal: Causal | None,
    by_region: set[str],
    tests: Sequence[Calibration],
) -> Iterator[Evidence]:
    if not browsers or not causal:
        return
    tested = {test.channel: test for test in tests}
    for c, name in enumerate(browsers.channels):
        if name not in by_region:
            yield Evidence(
                name,
                None,
                EXPERIMENT if name in tested else VISITS,
                _tested_grade(tested[name]) if name in tested else "D",
                float(causal.total[c]),
                float(causal.low[c]),
                float(causal.high[c]),
            )
