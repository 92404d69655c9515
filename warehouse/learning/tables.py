"""The tables that learning keeps: their columns, and beliefs as rows of them.

State tables are replaced day by day; ledger and events are only ever added to.
Not here: SQL that reads or writes (run.py).
"""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import pyarrow as pa

from warehouse.learning import policy
from warehouse.learning.beliefs import Belief
from warehouse.learning.recommend import evidence_grade

STATE = "analysis.posterior_state"
HYPER = "analysis.hyper_state"
LEDGER = "analysis.recommendation_ledger"
EVENTS = "analysis.recommendation_event"

TEXT, DAY, REAL, COUNT = pa.string(), pa.date32(), pa.float64(), pa.int64()
MOMENT = pa.timestamp("us")

COLUMNS: dict[str, pa.Schema] = {
    STATE: pa.schema(
        [
            ("as_of_day", DAY),
            *((c, TEXT) for c in ("variant_key", "channel", "objective", "metric")),
            *((c, REAL) for c in ("a", "b", "n_eff", "prior_mean", "shrink", "mean")),
            *((c, REAL) for c in ("p025", "p10", "p50", "p90", "p975")),
            *((c, REAL) for c in ("probability_best", "expected_loss")),
            *((c, REAL) for c in ("probability_beats_hold", "voi")),
            ("evidence_grade", TEXT),
            *((c, DAY) for c in ("data_cutoff", "known_cutoff")),
            *((c, TEXT) for c in ("model_version", "prior_version")),
            *((c, TEXT) for c in ("input_hash", "state_hash")),
        ]
    ),
    HYPER: pa.schema(
        [
            ("as_of_day", DAY),
            *((c, TEXT) for c in ("objective", "metric", "level")),
            *((c, REAL) for c in ("mu", "sd_variant", "decay", "day_r")),
            *((c, REAL) for c in ("evidence_scale", "loglik")),
            *((c, COUNT) for c in ("n_units", "clipped_days", "forecasts")),
            *((c, REAL) for c in ("cover80", "skill")),
            *((c, TEXT) for c in ("model_version", "input_hash")),
        ]
    ),
    LEDGER: pa.schema(
        [
            ("recommendation_id", TEXT),
            ("issued_at", MOMENT),
            *((c, TEXT) for c in ("unit", "action", "alternative")),
            ("size", REAL),
            ("objective", TEXT),
            *((c, REAL) for c in ("gain_usd_mean", "gain_usd_p10", "gain_usd_p90")),
            *((c, REAL) for c in ("probability_beats", "expected_loss", "voi", "cost")),
            *((c, TEXT) for c in ("evidence_grade", "guardrails", "reason")),
            ("forecast_ids", TEXT),
            *((c, DAY) for c in ("expires_on", "as_of_day")),
            *((c, TEXT) for c in ("variant_key", "channel", "metric")),
            *((c, REAL) for c in ("gain_mean", "gain_p10", "gain_p90")),
            *((c, TEXT) for c in ("model_version", "prev_hash", "row_hash")),
        ]
    ),
    EVENTS: pa.schema(
        [
            *((c, TEXT) for c in ("recommendation_id", "event", "decided_by")),
            ("decided_at", MOMENT),
            ("actual_change", REAL),
        ]
    ),
}


def state_rows(
    beliefs: Sequence[Belief], *, as_of: date, input_hash: str
) -> list[dict[str, object]]:
    """One row per variant of every group; its hash covers all other columns."""
    rows: list[dict[str, object]] = []
    for belief in beliefs:
        group, state, against = belief.group, belief.posterior, belief.comparison
        version = prior_version(belief)
        for unit, variant in enumerate(group.variants):
            p025, p10, p50, p90, p975 = state.quantiles[unit].tolist()
            loss = float(against.expected_loss[unit])
            row: dict[str, object] = {
                "as_of_day": as_of,
                "variant_key": variant,
                "channel": group.channel,
                "objective": group.objective,
                "metric": group.metric,
                "a": float(state.a[unit]),
                "b": float(state.b[unit]),
                "n_eff": float(state.n_eff[unit]),
                "prior_mean": belief.prior.mean,
                "shrink": float(state.shrink[unit]),
                "mean": float(state.mean[unit]),
                "p025": p025,
                "p10": p10,
                "p50": p50,
                "p90": p90,
                "p975": p975,
                "probability_best": float(against.probability_best[unit]),
                "expected_loss": loss,
                "probability_beats_hold": float(against.probability_beats_mix[unit]),
                "voi": loss * float(belief.traffic[unit]),
                "evidence_grade": evidence_grade(belief, unit),
                "data_cutoff": group.last_day,
                "known_cutoff": as_of,
                "model_version": policy.MODEL_VERSION,
                "prior_version": version,
                "input_hash": input_hash,
            }
            rows.append({**row, "state_hash": digest(row)})
    return rows


def hyper_rows(
    beliefs: Sequence[Belief], *, as_of: date, input_hash: str
) -> list[dict[str, object]]:
    """One row per group: the night's prior, and the model's record on past nights."""
    return [
        {
            "as_of_day": as_of,
            "objective": belief.group.objective,
            "metric": belief.group.metric,
            "level": belief.group.channel,
            "mu": belief.prior.mean,
            "sd_variant": belief.prior.spread,
            "decay": 0.5 ** (1 / half_life_days(belief)),
            "day_r": belief.correlation,
            "evidence_scale": belief.scale,
            "loglik": belief.prior.loglik,
            "n_units": len(belief.group.variants),
            "clipped_days": belief.group.clipped,
            "forecasts": belief.record.forecasts,
            "cover80": belief.record.cover80,
            "skill": belief.record.skill,
            "model_version": policy.MODEL_VERSION,
            "input_hash": input_hash,
        }
        for belief in beliefs
    ]


def half_life_days(belief: Belief) -> float:
    """Declared half-life of the group's objective."""
    return policy.OBJECTIVES[belief.group.objective].half_life_days


def prior_version(belief: Belief) -> str:
    """Short hash of all that was learnt about the group as a whole."""
    learnt = (belief.prior.mean, belief.prior.spread, belief.correlation, belief.scale)
    return digest({"model": policy.MODEL_VERSION, "learnt": list(learnt)})[:16]


def digest(row: dict[str, object]) -> str:
    """Hash of a row, its numbers rounded: the same on every machine."""
    plain = {name: _plain(value) for name, value in row.items()}
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str) else str(value)
