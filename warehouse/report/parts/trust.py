"""Can this be trusted: freshness, coverage, claims, methods, definitions, quarantine."""

from collections.abc import Sequence

from warehouse.report import charts, glyphs, words
from warehouse.report.model import Claim, Coverage, Page, Source
from warehouse.report.numbers import (
    NONE,
    count,
    dollars,
    known,
    plural,
    rate,
    short_day,
    two,
)
from warehouse.report.parts import reported
from warehouse.report.text import head
from warehouse.report.text import trust as say
from warehouse.report.views import Block, Cell, Column, Fact, Figure, Table

DOUBTFUL = 0.9  # less of it joined than this is worth a warning


def blocks(page: Page) -> list[Block]:
    return [
        Block(heading="Sources", facts=_source_facts(page), tables=[_sources(page)]),
        _coverage(page),
        _claims(page),
        _methods(page),
        _definitions(page),
        *reported.blocks(page),
    ]


def _source_facts(page: Page) -> list[Fact]:
    is_lost = any(row.rows for row in page.quarantined)
    return [
        Fact(
            head.freshness(page.sources, page.identity.mode),
            any(s.status == "stale" for s in page.sources),
        ),
        Fact(say.quarantined(page.quarantined), is_warning=is_lost),
    ]


def _sources(page: Page) -> Table:
    return Table(
        caption="Sources and how fresh they are",
        columns=[
            Column("Source"),
            Column("Family"),
            Column("State"),
            Column("Last day", is_number=True),
            Column("Expected", is_number=True),
            Column("Set aside", is_number=True),
        ],
        rows=[_source_row(one) for one in page.sources],
        source="published.source_freshness",
    )


def _source_row(one: Source) -> list[Cell | str]:
    state = f"{one.status}: {one.reason}" if one.reason else one.status
    return [
        one.title,
        words.FAMILIES.get(one.family, one.family),
        Cell(state, is_warning=one.status == "stale"),
        short_day(one.last_date) if one.last_date else NONE,
        short_day(one.expected_date) if one.expected_date else NONE,
        NONE if one.quarantined is None else count(one.quarantined),
    ]


def _coverage(page: Page) -> Block:
    rows: list[list[Cell | str]] = []
    facts = [
        Fact(say.unmatched(page.spend), is_warning=(page.spend.unmatched_usd or 0) > 0),
        Fact(say.negative(page.deals)),
        Fact(say.finance(page.finance), is_warning=say.is_off(page.finance)),
    ]
    for one in page.coverage:
        share = known(one.share)
        rows.append(
            [
                words.subject(one.subject),
                NONE if one.covered is None else count(round(one.covered)),
                NONE if one.total is None else count(round(one.total)),
                Cell(
                    NONE if share is None else rate(share),
                    glyph=glyphs.bar(share),
                    is_warning=_is_doubtful(one),
                ),
            ]
        )
    table = Table(
        caption="How much is joined",
        columns=[
            Column("What"),
            Column("Joined", is_number=True),
            Column("All", is_number=True),
            Column("Share", is_number=True),
        ],
        rows=rows,
        source="published.tagging_coverage",
    )
    tables = [table] if rows else []
    if page.search_coverage:
        tables.append(_search(page))
        found = [c for c in page.search_coverage if c.report == "queries"]
        found.sort(key=lambda c: (c.search_type != "web", -(c.clicks or 0)))
        queries = [c.share for c in found]
        facts.append(Fact(say.queries(known(queries[0]) if queries else None)))
    return Block(heading="What is joined to a video", facts=facts, tables=tables)


def _is_doubtful(one: Coverage) -> bool:
    """Spend and time without a video hollow out every row; the rest is as it is."""
    share = known(one.share)
    is_telling = one.subject in ("spend", "watch_seconds")
    return is_telling and share is not None and share < DOUBTFUL


def _search(page: Page) -> Table:
    return Table(
        caption="Search: how much of the clicks each report tells",
        columns=[
            Column("Property"),
            Column("Kind"),
            Column("Report"),
            Column("Clicks", is_number=True),
            Column("Of the days' clicks", is_number=True),
        ],
        rows=[
            [
                one.account_id,
                one.search_type,
                f"{one.report} (the total)" if one.is_total else one.report,
                NONE if one.clicks is None else count(one.clicks),
                NONE if one.share is None else rate(one.share),
            ]
            for one in page.search_coverage
        ],
        source="published.search_coverage",
    )


def _claims(page: Page) -> Block:
    finding = say.claims(page.claims)
    figure = _claims_figure(page.claims, finding)
    return Block(
        heading="What platforms claim",
        facts=[] if figure else [Fact(finding)],
        figure=figure,
    )


def _claims_figure(found: Sequence[Claim], finding: str) -> Figure | None:
    shown = [one for one in say.clicked(found) if known(one.claimed)]
    shown.sort(key=lambda one: (-(one.claimed or 0.0), one.channel))
    bars = [
        charts.Bar(
            label=words.channel(one.channel),
            low=0.0,
            high=one.claimed or 0.0,
            shown=f"{two(one.claimed or 0)} against {two(one.own_leads or 0)}",
            mark=known(one.own_leads),
        )
        for one in shown
    ]
    table = Table(
        caption="Claims beside our own count",
        columns=[
            Column("Channel"),
            Column("Counted after"),
            Column("Claimed", is_number=True),
            Column("Our leads", is_number=True),
            Column("Claimed / ours", is_number=True),
        ],
        rows=[
            [
                words.channel(one.channel),
                say.window(one),
                NONE if one.claimed is None else count(one.claimed),
                NONE if one.own_leads is None else count(one.own_leads),
                NONE if one.inflation_factor is None else f"{one.inflation_factor:.2f}",
            ]
            for one in found
        ],
        source="published.platform_claims",
    )
    return charts.ranges(
        "claims",
        bars,
        finding=finding,
        note="Conversions a platform claims after a click, each in its own window; the "
        "tick is the leads that we count for the channel in as many days. Platforms "
        "claim the same customer twice: claims are never added.",
        axis="~s",
        table=table,
    )


def _methods(page: Page) -> Block:
    won = page.booked.get("won")
    widest = None
    if won is not None and won.value_usd > 0:
        spans = [
            (words.channel(c.channel), c.won_usd_min or 0.0, c.won_usd_max or 0.0)
            for c in page.channels
            if known(c.won_usd_max) is not None
        ]
        if spans:
            name, low, high = max(spans, key=lambda s: (s[2] - s[1], s[0]))
            widest = (name, low / won.value_usd, high / won.value_usd)
    rows = [
        [
            words.conversions(code, 2),
            count(one.conversions),
            dollars(one.value_usd),
            str(one.methods),
            count(one.video_min),
            count(one.video_max),
        ]
        for code, one in page.booked.items()
    ]
    table = Table(
        caption="Conversions on record, and those with a video touch",
        columns=[
            Column("What"),
            Column("On record", is_number=True),
            Column("Value, USD", is_number=True),
            Column("Methods", is_number=True),
            Column("With video from", is_number=True),
            Column("With video to", is_number=True),
        ],
        rows=rows,
        source="published.attribution_range",
        grade="D",
    )
    return Block(
        heading="How far counting methods differ",
        facts=[Fact(say.methods(widest))],
        tables=[table] if rows else [],
    )


def _definitions(page: Page) -> Block:
    kpis = Table(
        caption="Definitions of the KPIs",
        columns=[
            Column("KPI"),
            Column("Objective"),
            Column("Meaning"),
            Column("Formula"),
            Column("Version", is_number=True),
            Column("Evidence"),
        ],
        rows=[
            [
                words.plain(kpi.kpi),
                words.objective(kpi.objective),
                kpi.says,
                kpi.formula,
                kpi.version,
                kpi.evidence_grade,
            ]
            for kpi in page.kpis.values()
        ],
        source="published.kpis",
    )
    lost = Table(
        caption="Rows set aside",
        columns=[
            Column("Source"),
            Column("Table"),
            Column("Reason"),
            Column("Rows", is_number=True),
        ],
        rows=[
            [words.platform(one.source), one.table_name, one.reason, count(one.rows)]
            for one in page.quarantined[:40]
        ],
        source="published.quarantine_counts",
    )
    folded = []
    if page.kpis:
        folded.append((f"Definitions of {plural(len(page.kpis), 'KPI')}", kpis))
    if page.quarantined:
        folded.append(("Rows set aside, by reason", lost))
    return Block(heading="Definitions", folded=folded) if folded else Block()
