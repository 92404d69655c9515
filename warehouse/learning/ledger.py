"""The ledger of recommendations: rows that are added, chained, and never changed.

Every row carries the hash of the row before it, so that a changed or removed row is
seen at the next night. Pure: rows in, rows out.
Not here: deciding (recommend.py), the table itself (run.py).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

import numpy as np

from warehouse.learning import policy
from warehouse.learning.beliefs import Belief
from warehouse.learning.guardrails import Guardrail
from warehouse.learning.posteriors import Array

GENESIS = "0" * 64

Row = Mapping[str, object]


class LedgerBroken(RuntimeError):
    """A row was changed or removed; nothing is added until the ledger is restored."""


@dataclass(frozen=True)
class Recommendation:
    """One row of the ledger before it is chained.

    Units: `size` share of the group's traffic; gains over the alternative in the next
    28 days, in successes and in USD (null without a price); `expected_loss` in the
    rate; `voi` and `cost` of testing in successes.
    """

    recommendation_id: str
    issued_at: datetime
    unit: str
    action: str
    alternative: str
    size: float
    objective: str
    gain_usd_mean: float | None
    gain_usd_p10: float | None
    gain_usd_p90: float | None
    probability_beats: float
    expected_loss: float
    voi: float
    cost: float
    evidence_grade: str
    guardrails: str
    reason: str
    forecast_ids: str | None
    expires_on: date
    as_of_day: date
    variant_key: str
    channel: str
    metric: str
    gain_mean: float
    gain_p10: float
    gain_p90: float
    model_version: str


def recommendation(
    belief: Belief,
    unit: int,
    *,
    as_of: date,
    action: str,
    alternative: str,
    size: float,
    gain: Array,
    probability_beats: float,
    expected_loss: float,
    voi: float,
    cost: float,
    evidence_grade: str,
    rails: Sequence[Guardrail],
    reason: str,
) -> Recommendation:
    """A ledger row from a decision; `gain` holds draws, in successes."""
    group = belief.group
    variant, model = group.variants[unit], policy.MODEL_VERSION
    name = f"{variant}/{group.channel}/{group.metric}"
    key = (as_of.isoformat(), name, action, group.objective, alternative, model)
    low, high = np.quantile(gain, policy.INTERVAL)
    gains = [_rounded(float(value)) for value in (gain.mean(), low, high)]
    price = price_usd(belief)
    usd = [None if price is None else _rounded(value * price) for value in gains]
    return Recommendation(
        recommendation_id=sha256("|".join(key).encode()).hexdigest()[:32],
        issued_at=datetime.combine(as_of, time()),  # the data clock, never the wall
        unit=name,
        action=action,
        alternative=alternative,
        size=_rounded(size),
        objective=group.objective,
        gain_usd_mean=usd[0],
        gain_usd_p10=usd[1],
        gain_usd_p90=usd[2],
        probability_beats=_rounded(probability_beats),
        expected_loss=_rounded(expected_loss),
        voi=_rounded(voi),
        cost=_rounded(cost),
        evidence_grade=evidence_grade,
        guardrails=json.dumps(
            [{"name": r.name, "passed": r.passed, "says": r.says} for r in rails]
        ),
        reason=reason,
        forecast_ids=None,
        expires_on=as_of + timedelta(days=policy.HORIZON_DAYS),
        as_of_day=as_of,
        variant_key=variant,
        channel=group.channel,
        metric=group.metric,
        gain_mean=gains[0],
        gain_p10=gains[1],
        gain_p90=gains[2],
        model_version=model,
    )


def price_usd(belief: Belief) -> float | None:
    """What a success brings; failing that, what one costs; unknown without either."""
    hits = float(belief.group.counts.successes.sum())
    money = belief.group.value_usd or belief.group.spend_usd
    return money / hits if hits > 0 and money > 0 else None


def row_hash(row: Row) -> str:
    """Hash of everything in a row but its own hash; `prev_hash` makes it a chain."""
    content = {name: value for name, value in row.items() if name != "row_hash"}
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def head(rows: Sequence[Row]) -> str:
    """Hash of the last row, after following the chain from its first row to its end.

    Raises: LedgerBroken (remedy: restore the table from a snapshot).
    """
    following = {str(row["prev_hash"]): row for row in rows}
    last, seen = GENESIS, 0
    while last in following:
        row = following[last]
        if row["row_hash"] != row_hash(row):
            raise LedgerBroken(
                f"recommendation {row['recommendation_id']} was changed after it was "
                "written: restore analysis.recommendation_ledger from a snapshot."
            )
        last, seen = str(row["row_hash"]), seen + 1
    if seen != len(rows):
        raise LedgerBroken(
            f"the ledger has {len(rows)} rows and its chain ends after {seen}: one was "
            "removed or copied; restore analysis.recommendation_ledger from a snapshot."
        )
    return last


def append(
    rows: Sequence[Row], recommendations: Iterable[Recommendation]
) -> list[dict[str, object]]:
    """Rows to add: those not in the ledger yet, chained in order of their id.

    Raises: LedgerBroken.
    """
    last, known = head(rows), {row["recommendation_id"] for row in rows}
    added: list[dict[str, object]] = []
    for new in sorted(recommendations, key=lambda r: r.recommendation_id):
        if new.recommendation_id in known:
            continue
        row: dict[str, object] = {**asdict(new), "prev_hash": last}
        last = row["row_hash"] = row_hash(row)
        known.add(new.recommendation_id)
        added.append(row)
    return added


def _rounded(value: float) -> float:
    """Nine digits: enough to decide, and the same text on every machine."""
    return float(f"{value:.9g}")
