"""What only the console's summary says."""

from collections.abc import Mapping, Sequence

from warehouse.report import words
from warehouse.report.model import Recommendation
from warehouse.report.numbers import clean, count, listed, money, plural, shorten
from warehouse.report.text.alternatives import (
    advice,
    best_test,
    gain,
    may_move,
    test_terms,
)
from warehouse.report.text.common import UNKNOWN

NOTHING_PUBLISHED = "Nothing is published yet."
NOT_MEASURED = "not measured yet"


def videos(number: int, unmapped: int) -> str:
    if number == 0:
        return "none known yet"
    if unmapped == 0:
        return f"{count(number)}, all in the catalogue"
    return f"{count(number)}, {count(unmapped)} of them without an objective"


def spend(now: float | None, before: float | None, unmatched: float) -> str:
    if now is None:
        return "not on record by day"
    text = f"{money(now)} in 90 days"
    if before is not None:
        text += f", {money(before)} in the 90 before"
    if unmatched > 0:
        text += f"; {money(unmatched)} belongs to no known video"
    return text


def conversions(found: Mapping[str, tuple[float, float]]) -> str:
    """Leads, opportunities, won deals on record, with the won value."""
    if not found:
        return "none on record"
    parts = []
    for code, (number, value) in found.items():
        text = f"{count(number)} {words.conversions(code, number)}"
        worth = f" worth {money(value)}" if code == "won" and value else ""
        parts.append(f"{text}{worth}")
    return f"{listed(parts)} on record"


def also_read(*, deals: int, clicks: int, counted: int, reports: int) -> str | None:
    """What is on record beyond conversions with a touch."""
    parts = [
        plural(number, one, many)
        for number, one, many in (
            (deals, "deal", None),
            (clicks, "click from search", "clicks from search"),
            (counted, "platform video counted", "platform videos counted"),
            (reports, "report without days", "reports without days"),
        )
        if number
    ]
    return listed(parts) if parts else None


def next_steps(
    recs: Sequence[Recommendation], names: Mapping[str, str], limit: int
) -> list[str]:
    """The first moves and tests, or hold."""
    if not recs:
        return [f"nothing is recommended today: what to prefer {UNKNOWN}."]
    moves = [rec for rec in recs if may_move(rec)]
    tests = [rec for rec in recs if rec.action == "test"]
    first = best_test(recs)
    ordered = moves + ([first] if first else [])
    ordered += [rec for rec in tests if rec is not first]
    if not ordered:
        return [f"hold: none of {count(len(recs))} comparisons justifies a move."]
    return [_step(rec, names) for rec in ordered[:limit]]


def stale(source: str, reason: str | None) -> str:
    why = f": {clean(reason)}" if reason else ""
    return f"{words.platform(source)} is stale{why}."


def set_aside(source: str, rows: int) -> str:
    be = "row is" if rows == 1 else "rows are"
    return f"{count(rows)} {be} set aside in {words.platform(source)}: see quarantine."


def new_columns(source: str, columns: str) -> str:
    return (
        f"{words.platform(source)} sends fields we did not know: "
        f"{shorten(columns, 80)}."
    )


def _step(rec: Recommendation, names: Mapping[str, str]) -> str:
    terms = test_terms(rec) if rec.action == "test" else gain(rec)
    return f"{advice(rec, names)}" + (f" ({terms})" if terms else "")
