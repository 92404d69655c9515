"""`analysis.lift_tests`: its columns, and a measured test as rows of it.

One row per test and estimator. A test is who was treated, when, and for which channel: the
same test measured again is the same rows, replaced. A hold-out of persons is one row, its
regions and placebos null. Not here: writing them (store.py).
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import pyarrow as pa

from warehouse.incrementality.grade import MAY_CLAIM
from warehouse.incrementality.holdout import Holdout
from warehouse.incrementality.lift import Lift, Measured
from warehouse.incrementality.weights import FLAGSHIP, LEAST_EXPECTED

LIFT_TESTS = "analysis.lift_tests"
HOLDOUT = "holdout"
BETWEEN = "|"  # names of regions, as in the catalogue's experiments
MODEL_VERSION = "lift-1"

TEXT, DAY, REAL, COUNT, FLAG = (
    pa.string(),
    pa.date32(),
    pa.float64(),
    pa.int64(),
    pa.bool_(),
)

COLUMNS = pa.schema(
    [
        *((c, TEXT) for c in ("test_id", "estimator", "channel", "name")),
        *((c, DAY) for c in ("date_from", "date_to")),
        ("treated_regions", TEXT),
        *((c, COUNT) for c in ("control_regions", "days_before")),
        *((c, REAL) for c in ("observed", "expected", "lift", "lift_se")),
        *((c, REAL) for c in ("lift_p05", "lift_p95")),
        *((c, REAL) for c in ("incremental_conversions", "se", "p05", "p95")),
        *((c, REAL) for c in ("share_of_conversions", "share_se")),
        *((c, REAL) for c in ("p_space", "p_time", "fit_error", "relative_fit")),
        *((c, REAL) for c in ("gap_before", "p_sample_ratio")),
        *((c, TEXT) for c in ("grade", "claim")),
        *((c, FLAG) for c in ("is_randomised", "is_switched_off", "is_quiet_before")),
        *((c, FLAG) for c in ("is_sound", "is_flagship")),
        ("as_of_day", DAY),
        ("model_version", TEXT),
    ]
)


@dataclass(frozen=True)
class About:
    """What a test was about. `switched_off`: the channel ran everywhere but there."""

    channel: str
    name: str | None
    as_of: date
    switched_off: bool = False


def key_of(measured: Measured, about: About) -> str:
    """Short hash of channel, days and treated regions, in any order of these."""
    said = (
        about.channel,
        measured.first.isoformat(),
        measured.last.isoformat(),
        *sorted(measured.treated),
    )
    return sha256("\n".join(said).encode()).hexdigest()[:32]


def holdout_rows(
    found: Holdout, about: About, *, test_id: str, first: date, last: date
) -> list[dict[str, object]]:
    """The one row of a hold-out; `test_id` as the catalogue's experiments name it."""
    return [
        {
            "test_id": test_id,
            "estimator": HOLDOUT,
            "channel": about.channel,
            "name": about.name,
            "date_from": first,
            "date_to": last,
            "observed": found.observed,
            "expected": found.expected,
            "lift": found.lift,
            "lift_se": found.lift_se,
            "lift_p05": found.lift_p05,
            "lift_p95": found.lift_p95,
            "incremental_conversions": found.incremental,
            "se": found.se,
            "p05": found.p05,
            "p95": found.p95,
            "share_of_conversions": found.incremental / found.observed,
            "share_se": found.se / found.observed,
            "p_sample_ratio": found.p_sample_ratio,
            "grade": found.grade,
            "claim": MAY_CLAIM[found.grade],
            "is_randomised": True,
            "is_switched_off": False,
            "is_sound": found.is_sound,
            "is_flagship": True,
            "as_of_day": about.as_of,
            "model_version": MODEL_VERSION,
        }
    ]


def rows(measured: Measured, about: About) -> list[dict[str, object]]:
    """One row per estimator.

    Units: conversions are what the channel brought in the treated regions and days, also
    where it was switched off there (signs are turned); `share_of_conversions` is the same
    over all conversions there with the channel on, so that it carries over to others.
    """
    common: dict[str, object] = {
        "test_id": key_of(measured, about),
        "channel": about.channel,
        "name": about.name,
        "date_from": measured.first,
        "date_to": measured.last,
        "treated_regions": BETWEEN.join(sorted(measured.treated)),
        "control_regions": measured.controls,
        "days_before": measured.days_before,
        "is_randomised": measured.is_randomised,
        "is_switched_off": about.switched_off,
        "as_of_day": about.as_of,
        "model_version": MODEL_VERSION,
    }
    return [{**common, **_figures(each, about)} for each in measured.readings]


def _figures(reading: Lift, about: About) -> dict[str, object]:
    sign = -1.0 if about.switched_off else 1.0
    with_channel = reading.expected
    if not about.switched_off:  # also where next to nothing came while it ran
        with_channel = max(reading.observed, LEAST_EXPECTED * reading.expected)
    low, high = sorted((sign * reading.p05, sign * reading.p95))
    return {
        "estimator": reading.estimator,
        "observed": reading.observed,
        "expected": reading.expected,
        "lift": reading.lift,
        "lift_se": reading.lift_se,
        "lift_p05": reading.lift_p05,
        "lift_p95": reading.lift_p95,
        "incremental_conversions": sign * reading.incremental,
        "se": reading.se,
        "p05": low,
        "p95": high,
        "share_of_conversions": sign * reading.incremental / with_channel,
        "share_se": reading.se / with_channel,
        "p_space": reading.p_space,
        "p_time": reading.p_time,
        "fit_error": reading.fit_error,
        "relative_fit": reading.relative_fit,
        "gap_before": reading.gap_before,
        "grade": reading.grade,
        "claim": MAY_CLAIM[reading.grade],
        "is_quiet_before": reading.is_quiet_before,
        "is_sound": reading.is_sound,
        "is_flagship": reading.estimator == FLAGSHIP,
    }
