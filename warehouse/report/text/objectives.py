"""An objective's card: indicator, target, certainty, change, movers."""

from warehouse.report.model import Kpi, Score
from warehouse.report.numbers import Number, between, known, listed, points, sample
from warehouse.report.text.common import PERCENT_UNITS, UNKNOWN, named, prose, upper

NO_INDICATOR = f"Not measured in the last 90 days: whether it works {UNKNOWN}."


def is_apart(score: Score, kpi: Kpi) -> bool | None:
    """Reached or missed where the interval shows it, else None.

    A count has no interval: what is attained is attained.
    """
    if score.target is None or score.lower is None or score.upper is None:
        return score.is_attained
    good, bad = score.lower >= score.target, score.upper < score.target
    if kpi.good == "down":
        good, bad = score.upper <= score.target, score.lower > score.target
    return True if good else False if bad else None


def attainment(score: Score, kpi: Kpi) -> str:
    """The indicator against its target."""
    if score.target is None:
        return "No target is set."
    target = f"Target {prose(kpi.unit, score.target)}"
    if known(score.value) is None:
        return f"{target}: too early, nothing is measured against it."
    apart = is_apart(score, kpi)
    if apart is None:
        word = "reached" if score.is_attained else "not reached"
        return f"{target} {word}, but within the interval: too close to call."
    return f"{target} {'reached' if apart else 'missed'}."


def own_targets(reached: int, missed: int, open_: int) -> str:
    """How the videos made for an objective stand to their own targets."""
    total = reached + missed + open_
    if total == 0:
        return "No video made for it has a target that can be measured."
    counted = ((reached, "reached"), (missed, "missed"), (open_, "too close to call"))
    parts = [f"{number} {word}" for number, word in counted if number]
    if total == 1:
        return f"The one measured target of its videos: {parts[0].removeprefix('1 ')}."
    return f"Of {total} measured targets of its videos: {', '.join(parts)}."


def certainty(score: Score, kpi: Kpi) -> str:
    """Interval and n of an indicator."""
    parts = []
    if score.lower is not None and score.upper is not None:
        parts.append(f"{_span(score.lower, score.upper, kpi)} with 95 % certainty")
    elif kpi.kind == "amount":
        parts.append("a count, not a sample")
    else:
        parts.append("no interval is known")
    n = known(score.denominator)
    if n is not None and (kpi.unit in PERCENT_UNITS or kpi.kind == "median"):
        parts.append(sample(n))
    return f"{upper(', '.join(parts))}."


def change(now: Score, before: Score | None, kpi: Kpi) -> str:
    """This period beside the one before; no direction that the interval does not show.

    A count needs no interval: its direction is what was counted.
    """
    value = known(now.value)
    old = known(before.value) if before else None
    if value is None or old is None or before is None:
        return "No earlier 90 days to compare with."
    then = f"the 90 days before ({prose(kpi.unit, old)})"
    step = _step(value - old, kpi)
    way = "Up" if value > old else "Down"
    if kpi.kind == "amount":
        return f"{way} {step} on {then}." if value != old else f"As in {then}."
    if None in (now.lower, now.upper, before.lower, before.upper):
        return f"Before: {prose(kpi.unit, old)}; no interval, so no trend is claimed."
    if _overlap(now, before):
        return f"No clear change on {then}: the intervals overlap."
    return f"{way} {step} on {then}."


def trend(values: list[float | None], kpi: Kpi) -> str:
    """Thirteen weeks in words, for those who do not see the line."""
    seen = [value for value in values if value is not None]
    if not seen:
        return "No weekly figures yet."
    last = prose(kpi.unit, seen[-1])
    if len(seen) == 1:
        return f"One week so far: {last}."
    return f"{len(seen)} weeks {_span(min(seen), max(seen), kpi)}, the last {last}."


def movers(found: list[tuple[str, float]], kpi: Kpi, *, has_before: bool) -> str:
    """The two videos that moved it most; the parts of all add up to its change."""
    if kpi.level == "company" or kpi.kind == "median":
        return "Counted for the company as a whole: no video's part can be told."
    if not has_before:
        return f"Which videos moved it {UNKNOWN}."
    if not found:
        return "No single video moved it."
    parts = [
        f"{named(title, 40)} ({'up' if step > 0 else 'down'} {_step(step, kpi)})"
        for title, step in found
    ]
    return f"Moved most by {listed(parts)}."


def _span(low: Number, high: Number, kpi: Kpi) -> str:
    return between(low, high, lambda value, digits: prose(kpi.unit, value, digits))


def _step(difference: float, kpi: Kpi) -> str:
    if kpi.unit in PERCENT_UNITS:
        return points(difference)
    return prose(kpi.unit, abs(difference))


def _overlap(now: Score, before: Score) -> bool:
    lows = [now.lower or 0.0, before.lower or 0.0]
    highs = [now.upper or 0.0, before.upper or 0.0]
    return max(lows) <= min(highs)
