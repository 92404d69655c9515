"""The head, the three sentences, and what only the summary says."""

from collections.abc import Mapping, Sequence
from datetime import date

from warehouse.report import words
from warehouse.report.model import (
    Booked,
    CausedLeads,
    Period,
    Recommendation,
    Source,
    Spend,
)
from warehouse.report.numbers import (
    between,
    day,
    known,
    listed,
    money,
    plural,
    two,
)
from warehouse.report.text.alternatives import (
    advice,
    best_test,
    gain,
    may_move,
    test_terms,
)
from warehouse.report.text.common import UNKNOWN, lower, upper

TITLE = "What video is worth"
HOW_TO_READ = (
    "Bar: the value, from zero. Line across it: its interval. Tick: the target. "
    "Curve: 13 weeks, dashed: the target."
)
FOOTER = (
    "Every number comes from the tables named beside it, in the snapshot of this "
    "generation."
)


def simulated() -> str:
    return (
        "Simulated data: every number here comes from the sandbox's made-up company, "
        "none from yours."
    )


def period(span: Period) -> str:
    return f"{day(span.start)} to {day(span.end)}, {span.days} days"


def generation(number: int, as_of: date) -> str:
    return f"Snapshot {number}, data as of {day(as_of)}"


def families(sources: Sequence[Source]) -> str:
    """Up to which day each family of sources is known: as far as its slowest one."""
    last: dict[str, date] = {}
    for one in sources:
        if one.status != "off" and one.last_date:
            known_until = last.get(one.family, one.last_date)
            last[one.family] = min(known_until, one.last_date)
    days = sorted(set(last.values()), reverse=True)
    parts = [
        f"{listed([words.FAMILIES.get(f, f) for f in last if last[f] == until], 9)} to "
        f"{day(until)}"
        for until in days
    ]
    return f"{upper('; '.join(parts))}." if parts else ""


def freshness(sources: Sequence[Source], mode: str) -> str:
    on = [source for source in sources if source.status != "off"]
    behind = sum(source.status == "stale" for source in on)
    if not on:
        return "No source is connected: nothing below is more than a form."
    if mode == "exports" and behind == 0:
        return "Read from files: each source is as old as its files."
    if behind == 0:
        return "Every source is fresh." if len(on) > 1 else "The one source is fresh."
    if len(on) == 1:
        return "The one source is behind."
    return f"{behind} of {len(on)} sources {'is' if behind == 1 else 'are'} behind."


def stale(source: Source) -> str:
    """Which source is behind, since when, why, and what it touches."""
    last = f"last day {day(source.last_date)}" if source.last_date else "no day so far"
    due = f", expected {day(source.expected_date)}" if source.expected_date else ""
    why = f": {source.reason.rstrip('.')}" if source.reason else ""
    return f"{source.title} is stale ({last}{due}){why}. It touches {touches(source)}."


def touches(source: Source) -> str:
    return words.TOUCHES.get(source.family, "everything that is read from it")


def returned(
    spend: Spend,
    before: Spend,
    won: Booked | None,
    *,
    carriers: tuple[int, int],
    deals_won: int,
) -> str:
    """What video cost and what goes along with it.

    `carriers`: so many videos of all carry half; `deals_won`: in the CRM, joined or not.
    """
    cost = known(spend.spend_usd)
    if cost is None and won is None and deals_won == 0:
        return (
            f"Neither spend nor a won deal is on record: what video returned {UNKNOWN}."
        )
    first = "What media for video cost in the last 90 days is not on record"
    if cost is not None:
        first = f"Media for video cost {money(cost)} in the last 90 days"
        first += _than_before(cost, known(before.spend_usd))
    if (won is None or won.conversions <= 0) and deals_won:
        deals = plural(deals_won, "won deal")
        return f"{first}; no touch leads to {deals}, so what it returned {UNKNOWN}."
    if won is None or won.conversions <= 0:
        return f"{first}; no won deal is on record, so what it returned {UNKNOWN}."
    few, many = carriers
    verb = "carries" if few == 1 else "carry"
    half = f"; {few} of {many} videos {verb} half of it" if 0 < few < many else ""
    return f"{first}. {goes_along(won)}{half}."


def goes_along(won: Booked) -> str:
    """The part of what is booked that had a video touch, over the counting methods."""
    whole = f"the {money(won.value_usd)} won on record"
    if won.methods == 0:
        return f"How much of {whole} goes along with video {UNKNOWN}"
    if won.video_usd_max <= 0:
        return f"Of {whole}, nothing goes along with video"
    if won.methods == 1:
        return f"Of {whole}, {money(won.video_usd_max)} goes along with video"
    span = between(won.video_usd_min, won.video_usd_max)
    return f"Of {whole}, {span} goes along with video"


def how_sure(won: Booked | None, caused: CausedLeads | None = None) -> str:
    if won is None or won.methods == 0:
        return (
            "How sure: not at all yet. Without outcomes joined to videos there is "
            "nothing to weigh."
        )
    ways = "it is one way of counting only"
    if won.methods > 1:
        ways = f"{won.methods} ways of counting differ by that much"
    if caused is None:
        return (
            f"How sure: evidence D, {ways}. What would have come without video {UNKNOWN}: "
            "only a test with people who are not shown the video can say it."
        )
    return (
        f"How sure: evidence D, {ways}. Of {plural(round(caused.leads), 'lead')}, about "
        f"{two(caused.caused)} would not have come without all this (between "
        f"{two(caused.low)} and {two(caused.high)})."
    )


def next_step(recs: Sequence[Recommendation], names: Mapping[str, str]) -> str:
    """The first thing to do: money that may move, else a test, else nothing."""
    if not recs:
        return "Next: nothing is recommended today; too little is known to choose."
    moves = [rec for rec in recs if may_move(rec)]
    test = best_test(recs)
    if moves:
        first, rest = moves[0], len(moves) - 1
        more = f", and {plural(rest, 'more move')} below" if rest else ""
        return f"Next: {lower(advice(first, names))} ({gain(first)}){more}."
    if test:
        terms = test_terms(test)
        inside = f" ({terms})" if terms else ""
        return (
            f"Next: {lower(advice(test, names))}{inside}; nothing is sure enough to "
            "move money."
        )
    some = plural(len(recs), "comparison")
    return f"Next: hold. None of {some} is sure enough to move money or worth a test."


def nothing_changed(number: int) -> str:
    return f"Nothing changed since generation {number}."


def made(number: int, tables: int) -> str:
    if tables == 0:
        return f"Generation {number} is published."
    return f"Generation {number} is published: {plural(tables, 'table')} changed."


def _than_before(now: float, before: float | None) -> str:
    if before is None or before <= 0:
        return ""
    if 0.95 <= now / before <= 1.05:
        return ", about as much as in the 90 days before"
    return f" ({money(before)} in the 90 days before)"
