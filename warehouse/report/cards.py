"""The five objectives: a card each, never one blended score.

Which indicator leads, how it stands to its target, which videos moved it. Shared with the
summary. Not here: sentences (text/objectives.py) and drawings (glyphs.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from warehouse.report import glyphs, words
from warehouse.report.model import ALL, OBJECTIVES, UNMATCHED, Kpi, Page, Score
from warehouse.report.numbers import known
from warehouse.report.text import objectives as say
from warehouse.report.text.common import prose

SMALLEST_MOVE = 0.005  # of the indicator's value: less is no mover


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the whole company: now, before, and by week."""

    kpi: Kpi
    now: Score
    before: Score | None
    weeks: tuple[float | None, ...]

    @property
    def is_missed(self) -> bool:
        """Clearly: an interval that holds the target is no miss."""
        return self.has_target and say.is_apart(self.now, self.kpi) is False

    @property
    def has_target(self) -> bool:
        return self.now.target is not None and known(self.now.value) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as the card says it."""

    label: str
    value: str
    says: str
    attainment: str
    certainty: str
    change: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Card:
    objective: str
    title: str
    question: str
    grade: str | None
    lead: Line | None
    versus: Markup
    spark: Markup
    trend: str
    movers: str
    others: Sequence[Line]
    own_targets: str


def cards(page: Page) -> list[Card]:
    """The five cards, in the order of the journey."""
    return [_card(page, objective) for objective in OBJECTIVES]


def indicators(page: Page, objective: str) -> list[Indicator]:
    """The objective's indicators, the leading one first."""
    now: dict[str, Score] = {}
    before: dict[str, Score] = {}
    for score in page.scores:
        is_own = score.objective == objective and score.is_indicator
        if is_own and score.video_key == ALL:
            (before if score.is_previous else now)[score.kpi] = score
    return [
        Indicator(
            kpi=page.kpis[kpi],
            now=now[kpi],
            before=before.get(kpi),
            weeks=tuple(known(w.value) for w in page.weeks if w.kpi == kpi),
        )
        for kpi in sorted(now, key=lambda kpi: (kpi not in words.LEADING, kpi))
        if kpi in page.kpis
    ]


def own_targets(page: Page, objective: str) -> tuple[int, int, int]:
    """Videos made for the objective by their own targets: reached, missed, too close."""
    made_for = {
        video.video_key for video in page.videos if video.objective == objective
    }
    found = [
        say.is_apart(score, page.kpis[score.kpi])
        for score in page.scores
        if score.video_key in made_for
        and score.target is not None
        and not score.is_previous
        and known(score.value) is not None
        and score.kpi in page.kpis
    ]
    return found.count(True), found.count(False), found.count(None)


def moves(page: Page, one: Indicator) -> list[tuple[str, float]]:
    """What each video added to the change of a company's indicator, largest first.

    Of a ratio V = N / D with the old value V0, a video adds
    (n1 - V0 d1) / D1 - (n0 - V0 d0) / D0; over all videos that is V - V0 exactly. Of an
    amount it adds n1 - n0. A median cannot be taken apart.
    """
    if one.before is None or one.kpi.kind == "median":
        return []
    old = known(one.before.value)
    if old is None or known(one.now.value) is None:
        return []
    steps: dict[str, float] = {}
    for score in page.scores:
        if score.kpi != one.kpi.kpi or score.video_key == ALL:
            continue
        whole = one.before if score.is_previous else one.now
        part = _part(score, whole, old, one.kpi)
        sign = -1 if score.is_previous else 1
        steps[score.video_key] = steps.get(score.video_key, 0.0) + sign * part
    least = abs(old) * SMALLEST_MOVE
    named = [
        (page.names.get(key, words.plain(key)), step)
        for key, step in steps.items()
        if abs(step) > least and key != UNMATCHED
    ]
    return sorted(named, key=lambda pair: (-abs(pair[1]), pair[0]))


def _part(score: Score, whole: Score, old: float, kpi: Kpi) -> float:
    top = known(score.numerator) or 0.0
    if kpi.kind == "amount":
        return top
    bottom, all_bottom = known(score.denominator), known(whole.denominator)
    if bottom is None or not all_bottom:
        return 0.0
    return (top - old * bottom) / all_bottom


def _card(page: Page, objective: str) -> Card:
    title, question = words.OBJECTIVES[objective]
    found = [
        one for one in indicators(page, objective) if known(one.now.value) is not None
    ]
    lead = found[0] if found else None
    return Card(
        objective=objective,
        title=title,
        question=question,
        grade=lead.kpi.evidence_grade if lead else None,
        lead=_line(lead) if lead else None,
        versus=_versus(lead) if lead else Markup(""),
        spark=_spark(lead) if lead else Markup(""),
        trend=say.trend(list(lead.weeks), lead.kpi) if lead else "",
        movers=(
            say.movers(
                moves(page, lead)[:2],
                lead.kpi,
                has_before=lead.before is not None,
            )
            if lead
            else say.NO_INDICATOR
        ),
        others=[_line(one) for one in found[1:]],
        own_targets=say.own_targets(*own_targets(page, objective)) if lead else "",
    )


def _line(one: Indicator) -> Line:
    return Line(
        label=words.plain(one.kpi.kpi),
        value=prose(one.kpi.unit, one.now.value or 0.0),
        says=one.kpi.says,
        attainment=say.attainment(one.now, one.kpi),
        certainty=say.certainty(one.now, one.kpi),
        change=say.change(one.now, one.before, one.kpi),
        is_missed=one.is_missed,
    )


def _versus(one: Indicator) -> Markup:
    if one.now.target is None:
        return Markup("")  # a bar without a yardstick says nothing
    return glyphs.versus(
        one.now.value or 0.0,
        one.now.target,
        one.now.lower,
        one.now.upper,
        is_missed=one.is_missed,
        label=say.attainment(one.now, one.kpi),
    )


def _spark(one: Indicator) -> Markup:
    # A target for 90 days says nothing about a week when it is an amount.
    target = None if one.kpi.kind == "amount" else one.now.target
    return glyphs.spark(one.weeks, target, say.trend(list(one.weeks), one.kpi))
