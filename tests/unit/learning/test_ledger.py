"""The chain of the ledger: added to, never changed."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from warehouse.learning.ledger import (
    GENESIS,
    LedgerBroken,
    Recommendation,
    append,
    head,
)

Rows = list[dict[str, object]]

ADVICE = Recommendation(
    recommendation_id="b",
    issued_at=datetime.fromisoformat("2026-03-01"),
    unit="v1/meta/hook_rate",
    action="scale",
    alternative="hold",
    size=0.15,
    objective="awareness",
    gain_usd_mean=None,
    gain_usd_p10=None,
    gain_usd_p90=None,
    probability_beats=0.9,
    expected_loss=0.001,
    voi=1.0,
    cost=2.0,
    evidence_grade="C",
    guardrails="[]",
    reason="because",
    forecast_ids=None,
    expires_on=date(2026, 3, 29),
    as_of_day=date(2026, 3, 1),
    variant_key="v1",
    channel="meta",
    metric="hook_rate",
    gain_mean=1.0,
    gain_p10=0.5,
    gain_p90=1.5,
    model_version="m",
)


def ledger(*names: str) -> Rows:
    return append([], [replace(ADVICE, recommendation_id=name) for name in names])


def test_rows_are_chained_in_order_of_their_id() -> None:
    rows = ledger("b", "a")
    assert [row["recommendation_id"] for row in rows] == ["a", "b"]
    assert rows[0]["prev_hash"] == GENESIS
    assert rows[1]["prev_hash"] == rows[0]["row_hash"]
    assert head(rows) == rows[1]["row_hash"]


def test_empty_ledger_begins_at_genesis() -> None:
    assert head([]) == GENESIS
    assert append([], []) == []


def test_row_is_added_once_when_its_id_is_known() -> None:
    rows = ledger("a")
    twice = [ADVICE, ADVICE, replace(ADVICE, recommendation_id="a")]
    added = append(rows, twice)
    assert [row["recommendation_id"] for row in added] == ["b"]
    assert added[0]["prev_hash"] == rows[0]["row_hash"]


def test_head_is_found_whatever_the_order_of_rows() -> None:
    rows = ledger("a", "b", "c")
    assert head(rows[::-1]) == rows[-1]["row_hash"]


@pytest.mark.parametrize("column", ["reason", "size", "guardrails", "evidence_grade"])
def test_changed_row_is_named_when_the_ledger_is_read(column: str) -> None:
    rows = ledger("a", "b", "c")
    rows[1][column] = "changed"
    with pytest.raises(LedgerBroken, match="recommendation b was changed"):
        append(rows, [])


@pytest.mark.parametrize("removed", [0, 1])
def test_removed_row_is_noticed_when_rows_follow_it(removed: int) -> None:
    rows = ledger("a", "b", "c")
    del rows[removed]
    with pytest.raises(LedgerBroken, match="one was removed or copied"):
        head(rows)


def test_copied_row_is_noticed() -> None:
    rows = ledger("a", "b")
    with pytest.raises(LedgerBroken, match="3 rows and its chain ends after 2"):
        head([*rows, dict(rows[1])])
