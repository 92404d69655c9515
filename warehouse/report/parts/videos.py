"""Videos: one row each, what is at stake first; a row opens to what lies behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.report import cards, charts, words
from warehouse.report.model import OBJECTIVES, Page, Score, Video
from warehouse.report.numbers import (
    NONE,
    amount,
    count,
    dollars,
    known,
    short_day,
    span,
)
from warehouse.report.parts import behind
from warehouse.report.text import alternatives, objectives
from warehouse.report.text import videos as say
from warehouse.report.views import Block, Cell, Column, Fact, Figure, Table

OPEN_ROWS = 12
CHART_ROWS = 10
COLUMNS = (
    Column("Video"),
    Column("Objective"),
    Column("Cost, USD", is_number=True),
    Column("Uses", is_number=True),
    Column("Own target"),
    Column("Won from, USD", is_number=True),
    Column("Won to, USD", is_number=True),
    Column("State"),
    Column("Next"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list and what it opens to."""

    cells: Sequence[tuple[Column, Cell]]
    facts: Sequence[str]
    curves: Sequence[behind.Curve]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Videos:
    facts: Sequence[Fact]
    figure: Figure | None
    columns: Sequence[Column]
    rows: Sequence[Row]
    folded: Sequence[Row]
    more: str | None
    counted: Block | None
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
        counted=_counted(page) if page.counted else None,
    )


def _counted(page: Page) -> Block:
    """Platform videos by their lifetime counters, mapped or not."""
    table = Table(
        caption="Most views gained",
        columns=[
            Column("Platform's video"),
            Column("From", is_number=True),
            Column("To", is_number=True),
            Column("Views gained", is_number=True),
            Column("Lifetime views", is_number=True),
        ],
        rows=[
            [
                one.title,
                short_day(one.first_date),
                short_day(one.last_date),
                count(one.gained),
                NONE if one.lifetime_views is None else count(one.lifetime_views),
            ]
            for one in page.counted
        ],
        source="published.video_counters_daily",
    )
    return Block(
        heading="Lifetime counters",
        facts=[Fact(say.counted(page.counters))],
        folded=[("The ten that gained most", table)],
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
            Column("Won to, USD", is_number=True),
            Column("Leads from", is_number=True),
            Column("Leads to", is_number=True),
            Column("Cost, USD", is_number=True),
        ],
        rows=[
            [
                video.title,
                dollars(video.won_usd_min or 0),
                dollars(video.won_usd_max or 0),
                count(video.leads_min or 0),
                count(video.leads_max or 0),
                amount(video.total_cost_usd),
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
        Cell(amount(video.total_cost_usd)),
        Cell(count(video.placements)),
        Cell(say.target(score, kpi), is_warning=missed),
        Cell(amount(video.won_usd_min)),
        Cell(amount(video.won_usd_max)),
        Cell(say.state(video, page.identity.as_of)),
        Cell(_next(page, video)),
    ]
    return Row(
        cells=list(zip(COLUMNS, cells, strict=True)),
        facts=behind.facts(page, video, score),
        curves=behind.curves(page, video),
        tables=behind.tables(page, video),
    )


def _own_score(page: Page, video: Video) -> Score | None:
    """The video by its own target, else its own or its objective's first indicator."""
    if video.objective not in OBJECTIVES:
        return None
    order = [one.kpi.kpi for one in cards.indicators(page, video.objective)]
    found = [
        score
        for score in page.scores
        if score.video_key == video.video_key
        and not score.is_previous
        and known(score.value) is not None
        and (score.target is not None or score.is_indicator or score.kpi in order)
    ]
    last = len(order)
    return min(
        found,
        key=lambda score: (
            score.target is None,
            not score.is_indicator,
            score.objective != video.objective,
            order.index(score.kpi) if score.kpi in order else last,
            score.kpi,
        ),
        default=None,
    )


def _next(page: Page, video: Video) -> str:
    """The first of today's recommendations that names the video or a variant of it."""
    own = {video.video_key} | {
        one.variant_key for one in page.placements if behind.is_of(one, video)
    }
    for rec in page.recommendations:
        if own & set(alternatives.unit_parts(rec.unit)):
            return f"{words.plain(rec.action)} (evidence {rec.grade})"
    return NONE
