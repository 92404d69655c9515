"""The summary a marketing lead reads in the terminal after a run.

facts() reads a snapshot, print_to() says it together with what the run itself came to.
The sentences are the page's own. Not here: running anything, exit codes (the CLI).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from warehouse.report import cards, queries, words
from warehouse.report.model import OBJECTIVES, Page, Source
from warehouse.report.numbers import clean, count, known, plural
from warehouse.report.text import head
from warehouse.report.text import summary as say
from warehouse.report.text.common import prose
from warehouse.report.text.objectives import attainment, is_apart

NEXT_STEPS = 3
NAMED_TABLES = 6
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u202a\u202b\u202d\u202e"))


class StageRun(NamedTuple):
    name: str
    seconds: float
    rows: int
    quarantined: int


class SourceRun(NamedTuple):
    name: str
    status: str
    rows: int
    quarantined: int
    reason: str | None
    new_columns: str | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run did. `stages` and `sources` are tuples in the order of the fields."""

    stages: Sequence[tuple[str, float, int, int]] = ()
    sources: Sequence[tuple[str, str, int, int, str | None, str | None]] = ()
    tables_changed: Mapping[str, int] = field(default_factory=dict)
    generation: int | None = None
    is_new: bool = False
    paths: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectiveFact:
    """An objective's leading indicator; `is_missed` only where it is clear."""

    objective: str
    kpi: str | None
    value: float | None
    shown: str
    attainment: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a snapshot says, for the console and for machines."""

    as_of: date
    mode: str
    is_simulated: bool
    videos: int
    unmapped_videos: int
    placements: int
    spend_usd: float | None
    spend_before_usd: float | None
    unmatched_spend_usd: float
    conversions: Mapping[str, tuple[float, float]]
    also_read: str | None
    objectives: tuple[ObjectiveFact, ...]
    next_steps: tuple[str, ...]
    sources: tuple[Source, ...]
    quarantined_rows: int


def facts(snapshot: Path) -> Summary:
    """Read a published snapshot.

    Units: money in USD of the last 90 days; conversions are (number, USD) on record.
    """
    page = queries.read(snapshot)
    fleet, spend = page.fleet, page.spend
    return Summary(
        as_of=page.identity.as_of,
        mode=page.identity.mode,
        is_simulated=page.identity.is_simulated,
        videos=fleet.videos,
        unmapped_videos=fleet.videos - fleet.mapped,
        placements=fleet.placements,
        spend_usd=known(spend.spend_usd),
        spend_before_usd=known(page.spend_before.spend_usd),
        unmatched_spend_usd=known(spend.unmatched_usd) or 0.0,
        conversions={
            code: (page.booked[code].conversions, page.booked[code].value_usd)
            for code in words.CONVERSIONS
            if code in page.booked
        },
        also_read=_also_read(page),
        objectives=tuple(_objective(page, one) for one in OBJECTIVES),
        next_steps=tuple(say.next_steps(page.recommendations, page.names, NEXT_STEPS)),
        sources=page.sources,
        quarantined_rows=sum(row.rows for row in page.quarantined),
    )


def lines(summary: Summary | None, run: RunFacts, *, width: int = 88) -> list[str]:
    """The same as plain lines: for logs and tests."""
    console = Console(file=StringIO(), width=width, color_system=None, highlight=False)
    with console.capture() as captured:
        print_to(console, summary, run)
    return [line.rstrip() for line in captured.get().splitlines()]


def print_to(console: Console, summary: Summary | None, run: RunFacts) -> None:
    """Print what is known and what the run did; `summary` is None before a publish."""
    console.print()
    if summary is None:
        console.print(_text(say.NOTHING_PUBLISHED, "bold"))
    else:
        _known(console, summary)
    _warnings(console, summary, run)
    _run(console, run)


def _known(console: Console, summary: Summary) -> None:
    if summary.is_simulated:
        console.print(_text(head.simulated(), "bold yellow"))
    title = f"{head.TITLE}, as of {summary.as_of:%-d %B %Y}"
    _part(
        console,
        title,
        _grid(
            ("Videos", say.videos(summary.videos, summary.unmapped_videos)),
            ("Spend", _spend(summary)),
            ("Conversions", say.conversions(summary.conversions)),
            *([("Also read", summary.also_read)] if summary.also_read else []),
        ),
    )
    goals = _grid(*((_goal(one)) for one in summary.objectives))
    _part(console, "Objectives, last 90 days", goals)
    steps = enumerate(summary.next_steps, start=1)
    _part(console, "What next", _grid(*((f"{n}.", step) for n, step in steps)))


def _also_read(page: Page) -> str | None:
    reports = {
        (one.source, one.account_id, one.report, one.breakdown) for one in page.reported
    }
    return say.also_read(
        deals=page.deals.deals,
        clicks=sum(one.all_clicks or 0 for one in page.search),
        counted=page.counters.videos,
        reports=len(reports),
    )


def _spend(summary: Summary) -> str:
    return say.spend(
        summary.spend_usd, summary.spend_before_usd, summary.unmatched_spend_usd
    )


def _goal(one: ObjectiveFact) -> tuple[str, str, str, Text]:
    style = "yellow" if one.is_missed else ""
    label = words.inline(one.kpi) if one.kpi else ""
    return (
        words.objective(one.objective),
        label,
        one.shown,
        _text(one.attainment, style),
    )


def _objective(page: Page, objective: str) -> ObjectiveFact:
    found = [
        one
        for one in cards.indicators(page, objective)
        if known(one.now.value) is not None
    ]
    if not found:
        return ObjectiveFact(objective, None, None, "", say.NOT_MEASURED, False)
    one = found[0]
    value = known(one.now.value)
    return ObjectiveFact(
        objective=objective,
        kpi=one.kpi.kpi,
        value=value,
        shown=prose(one.kpi.unit, value or 0.0),
        attainment=attainment(one.now, one.kpi),
        is_missed=one.has_target and is_apart(one.now, one.kpi) is False,
    )


def _warnings(console: Console, summary: Summary | None, run: RunFacts) -> None:
    known_sources = {one.source: one for one in summary.sources} if summary else {}
    said = []
    for each in map(SourceRun._make, run.sources):
        if each.status == "stale":
            said.append(_stale(each, known_sources.get(each.name)))
        if each.quarantined:
            said.append(say.set_aside(each.name, each.quarantined))
        if each.new_columns:
            said.append(say.new_columns(each.name, each.new_columns))
    if not run.sources and summary:  # told without a run: what the snapshot knows
        said += [head.stale(one) for one in summary.sources if one.status == "stale"]
    if said:
        _part(console, "Mind", *(_text(text, "yellow") for text in said))


def _stale(each: SourceRun, source: Source | None) -> str:
    if source is None:
        return say.stale(each.name, each.reason)
    return head.stale(replace(source, reason=clean(each.reason or "") or source.reason))


def _run(console: Console, run: RunFacts) -> None:
    if run.stages:
        _part(console, "This run", _stages(run), _source_line(run))
    if run.generation is not None:
        text = head.nothing_changed(run.generation)
        if run.is_new:
            text = head.made(run.generation, len(run.tables_changed))
        console.print(_text(text, "bold"))
        if run.is_new and run.tables_changed:
            console.print(
                Padding(_text(_tables(run.tables_changed)), (0, 0, 0, 2), expand=False)
            )
    if run.paths:
        console.print()
        _part(
            console,
            "Where it lies",
            _grid(*((name, str(path)) for name, path in run.paths.items())),
        )


def _stages(run: RunFacts) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("stage")
    for name in ("seconds", "rows", "set aside"):
        table.add_column(name, justify="right")
    for stage in map(StageRun._make, run.stages):
        table.add_row(
            _text(stage.name),
            f"{stage.seconds:.1f}",
            count(stage.rows) if stage.rows else "",
            count(stage.quarantined) if stage.quarantined else "",
        )
    return table


def _source_line(run: RunFacts) -> Text:
    """Which sources were read, by what became of them."""
    by_status: dict[str, list[str]] = {}
    for each in map(SourceRun._make, run.sources):
        rows = f" ({count(each.rows)})" if each.rows else ""
        by_status.setdefault(each.status, []).append(f"{each.name}{rows}")
    parts = [f"{status}: {', '.join(names)}" for status, names in by_status.items()]
    return _text("; ".join(parts))


def _tables(changed: Mapping[str, int]) -> str:
    largest = sorted(changed.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [f"{name} {plural(rows, 'row')}" for name, rows in largest[:NAMED_TABLES]]
    rest = len(changed) - NAMED_TABLES
    return ", ".join([*named, *([f"{rest} more"] if rest > 0 else [])])


def _part(console: Console, title: str, *body: RenderableType) -> None:
    console.print(_text(title, "bold"))
    for one in body:
        console.print(Padding(one, (0, 0, 0, 2), expand=False))
    console.print()


def _grid(*rows: Sequence[str | Text]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(*(_text(one) if isinstance(one, str) else one for one in row))
    return grid


def _text(text: str, style: str = "") -> Text:
    """Never markup, and no direction marks: a terminal shows them as boxes."""
    return Text(text.translate(_ISOLATES), style=style)
