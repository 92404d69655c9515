"""Every source against every fault of its platform: never a silent loss, never a double."""

import json
from collections import Counter
from typing import Any

import pytest

from ingestion.pipeline import SMALL_LIST
from tests.support.stand import Stand, Tables
from tests.support.strikes import (
    ABOVE_DOUBLE,
    EMOJI,
    EQUAL,
    HEALED,
    ILLS,
    SENT,
    STALE,
    Ill,
)


@pytest.mark.parametrize("ill", ILLS, ids=lambda ill: ill.name)
def test_source_survives_or_says_why(
    place: Stand, ill: Ill, tally: Counter[str]
) -> None:
    place.back()
    strike = ill.strike(place)
    if strike is None:
        return  # no such thing in its answers
    tally["tried"] += 1
    outcome = place.night(strike, patience=ill.patience)
    now = place.tables()
    end = _end(place, ill, outcome, now)
    assert end in ill.ends, f"{ill.name}: {end}, {outcome.reason}\n{_lost(place, now)}"
    tally[end] += 1


def _end(place: Stand, ill: Ill, outcome: Any, now: Tables) -> str:
    if outcome.status == "stale":
        assert now == place.before, (
            "a stale source must keep its last good rows exactly"
        )
        reason = str(outcome.reason)
        assert ill.says in reason
        assert any(word in reason.lower() for word in REMEDIES), reason
        return STALE
    if now == place.after:
        return EQUAL
    if SENT in ill.ends and _all_there(place, outcome, now):
        return SENT
    if HEALED in ill.ends and not place.tape.shape.tells_total:
        again = place.night(window=place.window)
        healed = place.tables() == place.after
        return HEALED if healed else f"lost for good: {again.reason}"
    return "silently lost"


REMEDIES = (
    "run ",
    "renew",
    "give access",
    "report",
    "check",
    "give consent",
    "next",
    "wait",
    "ask ",
)


def _all_there(place: Stand, outcome: Any, now: Tables) -> bool:
    """Row for row loaded or put aside, and each value as it was sent."""
    were = sum(rows.total() for rows in place.after.values())
    are = sum(rows.total() for rows in now.values())
    cells = [cell for rows in now.values() for row in rows for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    whole = {cell for cell in cells if isinstance(cell, int)}
    assert ABOVE_DOUBLE - 1 not in whole, "an integer was rounded to a double"
    for table, rows in place.after.items():
        lost = rows.total() - now[table].total()
        assert lost <= max(SMALL_LIST, rows.total() / 2), f"{table}: mostly put aside"
    assert all(EMOJI in text for text in texts if "🎬" in text)
    for text in texts:
        if text[:1] in ("{", "["):
            json.loads(text, parse_constant=_no_constant)
    return are + outcome.quarantined >= were  # an upsert keeps what it cannot replace


def _no_constant(told: str) -> None:
    raise AssertionError(f"{told} is no JSON that a warehouse can read")


def _lost(place: Stand, now: Tables) -> str:
    lines = []
    for table, rows in place.after.items():
        less, more = rows - now[table], now[table] - rows
        if less or more:
            lines.append(f"{table}: {less.total()} lost, {more.total()} others")
            lines += [f"  {row}" for row in [*list(less)[:2], *list(more)[:2]]]
    return "\n".join(lines)
