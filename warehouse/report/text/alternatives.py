"""Here rather than there: recommendations and channels."""

import re
from collections.abc import Mapping, Sequence

from warehouse.report import words
from warehouse.report.model import ALL, Recommendation
from warehouse.report.numbers import between, day, known, listed, money, plural, two
from warehouse.report.text.common import UNKNOWN, lower, named

_WORD = re.compile(r"[\w-]+")


def unit_name(unit: str, names: Mapping[str, str]) -> str:
    """The words for `variant/channel/metric`: a title and where it runs."""
    parts = unit_parts(unit)
    titles = [named(names[part]) for part in parts if part in names]
    places = [words.channel(part) for part in parts if part in words.CHANNELS]
    others = [
        words.plain(part)
        for part in parts
        if part not in names and part not in words.CHANNELS
    ]
    # A variant's name holds its video's: the longest says it all.
    what = [max(titles, key=len)] if titles else others[:1]
    return " on ".join([*what, *places[:1]]) or "all videos"


def unit_parts(unit: str) -> list[str]:
    return [part for part in unit.split("/") if part and part != ALL]


def successes(rec: Recommendation) -> str:
    """What the unit's metric counts: clicks, plays."""
    found = [words.SUCCESSES[p] for p in unit_parts(rec.unit) if p in words.SUCCESSES]
    return found[0] if found else "successes"


def advice(rec: Recommendation, names: Mapping[str, str]) -> str:
    """What to do, as an order."""
    verb = words.ACTIONS.get(rec.action, f"{words.plain(rec.action)}:")
    return f"{verb} {unit_name(rec.unit, names)}"


def label(rec: Recommendation, names: Mapping[str, str]) -> str:
    """The same for the side of a chart: what may be cut off stands last."""
    parts = unit_parts(rec.unit)
    places = [words.channel(part) for part in parts if part in words.CHANNELS]
    titles = [names[part] for part in parts if part in names]
    title = max(titles, key=len) if titles else words.plain("_".join(parts[:1]))
    metric = [words.SUCCESSES[part] for part in parts if part in words.SUCCESSES]
    return f"{', '.join([words.plain(rec.action), *places[:1], *metric[:1]])}: {title}"


def reason(rec: Recommendation, names: Mapping[str, str]) -> str | None:
    """The ledger's own sentence, its keys put into words."""
    if not rec.reason:
        return None
    return _WORD.sub(lambda found: _name(found[0], names), rec.reason)


def test_terms(rec: Recommendation) -> str:
    """What a test is worth, what it costs, when it answers."""
    what, terms = successes(rec), []
    if rec.voi is not None:
        terms.append(f"worth about {two(rec.voi)} {what}")
    if rec.cost is not None:
        terms.append(f"costs about {two(rec.cost)}" + ("" if terms else f" {what}"))
    if rec.expires_on:
        terms.append(f"answer by {day(rec.expires_on)}")
    return ", ".join(terms)


def best_test(recs: Sequence[Recommendation]) -> Recommendation | None:
    """The test that is worth most for its price."""
    tests = [rec for rec in recs if rec.action == "test"]
    return min(tests, key=_price) if tests else None


def may_move(rec: Recommendation) -> bool:
    """Money moves on grades A to C only, and never on hold or test."""
    return rec.action not in ("hold", "test") and rec.grade in words.MOVES_MONEY


def gain(rec: Recommendation) -> str:
    """What it would bring, in the words that its grade allows."""
    low, high = known(rec.gain_low), known(rec.gain_high)
    if low is None or high is None:
        return f"what it brings {UNKNOWN}, evidence {rec.grade}"
    loss = "; a loss is possible" if low < 0 < high else ""
    span = between(low, high)
    return f"{words.verb(rec.grade)} {span}{loss}, evidence {rec.grade}"


def alternatives(moves: Sequence[Recommendation]) -> str:
    """The finding above the ranking; `moves`: all but hold."""
    if not moves:
        return "Nothing is proposed today: doing nothing is the only row."
    better = sum((known(rec.gain_low) or 0) > 0 for rec in moves)
    some = plural(len(moves), "proposal")
    if better == 0:
        none = "it is not" if len(moves) == 1 else "none is"
        return f"Of {some}, {none} surely better than doing nothing."
    look = "looks" if better == 1 else "look"
    finding = (
        f"{better} of {some} {look} better than doing nothing at the lower end too"
    )
    if any(may_move(rec) for rec in moves):
        return f"{finding}."
    return f"{finding}; evidence {listed(sorted({r.grade for r in moves}))}: only to be tested."


def next_test(recs: Sequence[Recommendation], names: Mapping[str, str]) -> str:
    first = best_test(recs)
    if first is None:
        return f"Which test would change this order {UNKNOWN}: none is proposed."
    terms = test_terms(first)
    tail = f" ({terms})" if terms else ""
    return (
        "The test that could change this order and repays its price best: "
        f"{lower(advice(first, names))}{tail}."
    )


def held(number: int) -> str:
    """Comparisons that end in doing nothing."""
    if number == 0:
        return "No comparison ends in doing nothing."
    one = "comparison ends" if number == 1 else "comparisons end"
    return f"{number:,} {one} in doing nothing: no move is sure enough."


def best_channel(ahead: list[str], ranked: int) -> str:
    """Paid channels by won revenue beside their spend; `ahead`: those clearly ahead."""
    if ranked == 0:
        return (
            f"Which channel returns more for its money {UNKNOWN}: no spend meets a won "
            "deal."
        )
    if not ahead:
        return "The ranges of the paid channels overlap: none is clearly ahead."
    return (
        f"Beside a dollar of spend, more won revenue goes along with {listed(ahead)} than "
        f"with any other paid channel, however one counts; what caused it {UNKNOWN}."
    )


def no_outcome(channels: list[tuple[str, float]]) -> str:
    """Spend that no method credits with a lead; it stays in every table."""
    if not channels:
        return "Every paid channel goes along with at least one lead."
    total = sum(spend for _, spend in channels)
    who = listed([name for name, _ in channels])
    return f"{money(total)} went to {who} without one lead credited by any method."


def _price(rec: Recommendation) -> tuple[float, str]:
    worth, cost = rec.voi or 0.0, rec.cost or 0.0
    return (-worth / cost if cost > 0 else 0.0), rec.recommendation_id


def _name(word: str, names: Mapping[str, str]) -> str:
    return named(names[word], 40) if word in names else word
