"""What a row of the videos opens to: what it is, its curve, placements, beliefs."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from warehouse.report import glyphs, retention, words
from warehouse.report.model import Belief, Page, Placement, Retention, Score, Video
from warehouse.report.numbers import (
    NONE,
    amount,
    chance,
    count,
    percent,
    short_day,
)
from warehouse.report.text import videos as say
from warehouse.report.text.common import exact
from warehouse.report.views import Column, Table

SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    label: str
    drawing: Markup
    says: str
    table: Table


def is_of(one: Retention | Placement | Belief, video: Video) -> bool:
    return one.video_key == video.video_key


def facts(page: Page, video: Video, score: Score | None) -> list[str]:
    """What it is and cost, how it stands, and what is not known of it."""
    kpi = page.kpis.get(score.kpi) if score else None
    said = [
        say.made(video),
        say.own_score(score, kpi) if score and kpi else "",
        say.costs(video),
        say.lately(video),
        say.joined(video),
        say.ROLE_PLAYED,
    ]
    return [one for one in said if one]


def curves(page: Page, video: Video) -> list[Curve]:
    """Its retention curves, the most watched platform video first."""
    return [_curve(page, one) for one in page.retention if is_of(one, video)]


def _curve(page: Page, one: Retention) -> Curve:
    found = retention.steepest(one.elapsed, one.watching)
    place, lost = found or (None, None)
    says = say.drop(place, lost, is_known=retention.is_known(one.elapsed))
    variant = (
        f", {page.names[one.variant_key]}" if one.variant_key in page.names else ""
    )
    label = f"Still watching on {words.platform(one.platform)}{variant}"
    return Curve(
        label=label,
        drawing=glyphs.curve(one.elapsed, one.watching, f"{label}. {says}", mark=place),
        says=says,
        table=Table(
            caption=label,
            columns=[
                Column("Of the video", is_number=True),
                Column("Still watching", True),
            ],
            rows=[[percent(at), percent(share)] for at, share in _coarse(one)],
            source="published.retention_curve",
            grade="E",
        ),
    )


def _coarse(one: Retention) -> list[tuple[float, float]]:
    """The points of the curve nearest to the quarters and the ends."""
    pairs = list(zip(one.elapsed, one.watching, strict=True))
    near = [min(pairs, key=lambda p: (abs(p[0] - at), p[0])) for at in SHARES]
    return list(dict.fromkeys(near))


def tables(page: Page, video: Video) -> list[Table]:
    placements = [one for one in page.placements if is_of(one, video)]
    beliefs = [one for one in page.beliefs if is_of(one, video)]
    found = []
    if placements:
        found.append(_placements(placements))
    if beliefs:
        found.append(_beliefs(page, beliefs))
    return found


def _placements(found: Sequence[Placement]) -> Table:
    return Table(
        caption="Placements, most spend first",
        columns=[
            Column("Channel"),
            Column("Variant"),
            Column("From", is_number=True),
            Column("Impressions", is_number=True),
            Column("Views", is_number=True),
            Column("Spend, USD", is_number=True),
            Column("Joined by"),
        ],
        rows=[
            [
                words.channel(one.channel),
                " ".join(part for part in (one.format, one.language) if part) or NONE,
                short_day(one.start_date) if one.start_date else NONE,
                NONE if one.impressions is None else count(one.impressions),
                NONE if one.views is None else count(one.views),
                amount(one.spend_usd),
                one.matched_by or NONE,
            ]
            for one in found
        ],
        source="published.placements",
    )


def _beliefs(page: Page, found: Sequence[Belief]) -> Table:
    return Table(
        caption="What is believed tonight, shrunk towards its peers",
        columns=[
            Column("Rate"),
            Column("Where"),
            Column("Mean", is_number=True),
            Column("from", is_number=True),
            Column("to", is_number=True),
            Column("n", is_number=True),
            Column("Best of its peers", is_number=True),
        ],
        rows=[
            [
                words.plain(one.metric),
                words.channel(one.channel),
                _belief(page, one, one.mean),
                _belief(page, one, one.low),
                _belief(page, one, one.high),
                NONE if one.n_eff is None else count(round(one.n_eff)),
                NONE if one.probability_best is None else chance(one.probability_best),
            ]
            for one in found
        ],
        source="published.beliefs",
    )


def _belief(page: Page, one: Belief, value: float | None) -> str:
    kpi = page.kpis.get(one.metric)
    return exact(kpi.unit if kpi else "share", value)
