"""Videos: one row each, what is at stake first; a row opens to what lies behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from warehouse.report import cards, charts, glyphs, words
from warehouse.report.model import (
    OBJECTIVES,
    Belief,
    Page,
    Placement,
    Retention,
    Score,
    Video,
)
from warehouse.report.numbers import (
    NONE,
    count,
    dollars,
    known,
    percent,
    short_day,
    span,
)
from warehouse.report.text import alternatives, objectives
from warehouse.report.text import videos as say
from warehouse.report.text.common import exact
from warehouse.report.views import Cell, Column, Fact, Figure, Table

OPEN_ROWS = 12
CHART_ROWS = 10
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
COLUMNS = (
    Column("Video"),
    Column("Objective"),
    Column("Cost, USD", is_number=True),
    Column("Uses", is_number=True),
    Column("Own target"),
    Column("Won from, USD", is_number=True),
    Column("to, USD", is_number=True),
    Column("State"),
    Column("Next"),
)


@dataclass(frozen=True, slots=True)
class Curve:
    label: str
    drawing: Markup
    says: str
    table: Table


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list and what it opens to."""

    key: str
    title: str
    cells: Sequence[tuple[Column, Cell]]
    facts: Sequence[str]
    curves: Sequence[Curve]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Videos:
    facts: Sequence[Fact]
    figure: Figure | None
    columns: Sequence[Column]
    rows: Sequence[Row]
    folded: Sequence[Row]
    more: str | None
    caption: str = say.CAPTION

    @property
    def folded_title(self) -> str:
        return say.folded(len(self.folded))


def videos(page: Page) -> Videos:
    rows = [_row(page, video) for video in page.videos]
    fleet = page.fleet
    rest = fleet.videos - len(page.videos)
    return Videos(
        facts=[
            Fact(
                say.mapped(fleet.mapped, fleet.videos),
                is_warning=fleet.mapped < fleet.videos,
            )
        ],
        figure=_figure(page),
        columns=COLUMNS,
        rows=rows[:OPEN_ROWS],
        folded=rows[OPEN_ROWS:],
        more=say.more(rest) if rest > 0 else None,
    )


def _figure(page: Page) -> Figure | None:
    """Won revenue beside each video, by its lowest count; the tick is its cost."""
    shown = [video for video in page.videos if (video.won_usd_max or 0) > 0]
    shown.sort(key=lambda v: (-(v.won_usd_min or 0), -(v.won_usd_max or 0), v.title))
    bars = [
        charts.Bar(
            label=video.title,
            low=video.won_usd_min or 0.0,
            high=video.won_usd_max or 0.0,
            shown=span(video.won_usd_min or 0.0, video.won_usd_max or 0.0),
            mark=known(video.total_cost_usd),
        )
        for video in shown[:CHART_ROWS]
    ]
    return charts.ranges(
        "videos",
        bars,
        finding=say.carried(page.carriers, page.fleet.videos),
        note="Won revenue in USD that goes along with a video, from the lowest to the "
        "highest counting method, over everything on record; the tick is what the video "
        "cost. Evidence D.",
        axis="~s",
        table=_credits(shown[:CHART_ROWS]),
    )


def _credits(shown: Sequence[Video]) -> Table:
    return Table(
        caption="Won revenue that goes along with a video",
        columns=[
            Column("Video"),
            Column("Won from, USD", is_number=True),
            Column("to, USD", is_number=True),
            Column("Leads from", is_number=True),
            Column("to", is_number=True),
            Column("Cost, USD", is_number=True),
        ],
        rows=[
            [
                video.title,
                dollars(video.won_usd_min or 0),
                dollars(video.won_usd_max or 0),
                count(video.leads_min or 0),
                count(video.leads_max or 0),
                _dollars(video.total_cost_usd),
            ]
            for video in shown
        ],
        source="published.attribution_videos",
        grade="D",
    )


def _row(page: Page, video: Video) -> Row:
    score = _own_score(page, video)
    kpi = page.kpis.get(score.kpi) if score else None
    missed = (
        score is not None
        and kpi is not None
        and score.target is not None
        and (objectives.is_apart(score, kpi) is False)
    )
    cells = [
        Cell(video.title),
        Cell(words.objective(video.objective)),
        Cell(_dollars(video.total_cost_usd)),
        Cell(count(video.placements)),
        Cell(say.target(score, kpi), is_warning=missed),
        Cell(_dollars(video.won_usd_min)),
        Cell(_dollars(video.won_usd_max)),
        Cell(say.state(video, page.identity.as_of)),
        Cell(_next(page, video)),
    ]
    return Row(
        key=video.video_key,
        title=video.title,
        cells=list(zip(COLUMNS, cells, strict=True)),
        facts=_facts(page, video, score),
        curves=[_curve(page, one) for one in page.retention if _is_of(one, video)],
        tables=_tables(page, video),
    )


def _own_score(page: Page, video: Video) -> Score | None:
    """The video by the leading indicator of the objective it was made for."""
    if video.objective not in OBJECTIVES:
        return None
    for one in cards.indicators(page, video.objective):
        for score in page.scores:
            is_own = score.video_key == video.video_key and score.kpi == one.kpi.kpi
            if is_own and not score.is_previous and known(score.value) is not None:
                return score
    return None


def _next(page: Page, video: Video) -> str:
    """The first of today's recommendations that names the video or a variant of it."""
    own = {video.video_key} | {
        one.variant_key for one in page.placements if _is_of(one, video)
    }
    for rec in page.recommendations:
        if own & set(alternatives.unit_parts(rec.unit)):
            return f"{words.plain(rec.action)} (evidence {rec.grade})"
    return NONE


def _is_of(one: Retention | Placement | Belief, video: Video) -> bool:
    return one.video_key == video.video_key


def _facts(page: Page, video: Video, score: Score | None) -> list[str]:
    made = [
        f"Made to {words.plain(video.role).lower()}" if video.role else "",
        f"theme {video.theme}" if video.theme else "",
        f"{video.duration_seconds:g} seconds" if video.duration_seconds else "",
        f"published {short_day(video.published_date)}" if video.published_date else "",
        f"owner {video.owner}" if video.owner else "",
    ]
    cost = [
        f"{name} {dollars(value)}"
        for name, value in (
            ("production", video.production_cost_usd),
            ("adaptations", video.adaptation_cost_usd),
            ("media", video.media_spend_usd),
        )
        if known(value) is not None and value is not None
    ]
    lately = [
        f"media {dollars(video.period_spend_usd)} USD"
        if video.period_spend_usd
        else "",
        (
            f"{count(video.period_impressions)} impressions"
            if video.period_impressions
            else ""
        ),
        f"{count(round(video.period_watch_hours or 0))} hours watched"
        if known(video.period_watch_hours)
        else "",
    ]
    facts = [
        _sentence("", made),
        _sentence("Cost in USD: ", cost),
        _sentence("Last 90 days: ", lately),
        f"Joined to its rows by {video.matched_by}." if video.matched_by else "",
        "Role it plays in the journey: can't be told yet.",
    ]
    if score and score.kpi in page.kpis:
        kpi = page.kpis[score.kpi]
        facts.insert(
            1,
            f"{words.plain(score.kpi)} ({kpi.says}): "
            f"{exact(kpi.unit, score.value)}. {objectives.attainment(score, kpi)} "
            f"{objectives.certainty(score, kpi)}",
        )
    return [fact for fact in facts if fact]


def _sentence(start: str, parts: Sequence[str]) -> str:
    text = ", ".join(part for part in parts if part)
    return f"{start}{text}." if text else ""


def _curve(page: Page, one: Retention) -> Curve:
    says = say.drop(one.elapsed, one.watching)
    variant = (
        f", {page.names[one.variant_key]}" if one.variant_key in page.names else ""
    )
    label = f"Still watching on {words.platform(one.platform)}{variant}"
    return Curve(
        label=label,
        drawing=glyphs.curve(one.elapsed, one.watching, f"{label}. {says}"),
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


def _tables(page: Page, video: Video) -> list[Table]:
    placements = [one for one in page.placements if _is_of(one, video)]
    beliefs = [one for one in page.beliefs if _is_of(one, video)]
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
                _dollars(one.spend_usd),
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
                NONE if one.probability_best is None else percent(one.probability_best),
            ]
            for one in found
        ],
        source="published.beliefs",
    )


def _belief(page: Page, one: Belief, value: float | None) -> str:
    kpi = page.kpis.get(one.metric)
    return exact(kpi.unit if kpi else "share", value)


def _dollars(value: float | None) -> str:
    number = known(value)
    return NONE if number is None else dollars(number)
