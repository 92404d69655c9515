"""Here rather than there: recommendations against doing nothing, channels side by side."""

from collections.abc import Sequence

from warehouse.report import charts, words
from warehouse.report.model import Channel, Page, Recommendation
from warehouse.report.numbers import (
    NONE,
    chance,
    count,
    dollars,
    known,
    money,
    plural,
    short_day,
    span,
    two,
)
from warehouse.report.parts import caused
from warehouse.report.text import alternatives as say
from warehouse.report.views import Block, Cell, Column, Fact, Figure, Table

SHOWN = 10
HOLDS = 30
NOTHING = "Do nothing"


def blocks(page: Page) -> list[Block]:
    return [_recommended(page), caused.block(page), _channels(page)]


def _recommended(page: Page) -> Block:
    moves = [rec for rec in page.recommendations if rec.action != "hold"]
    holds = [rec for rec in page.recommendations if rec.action == "hold"]
    finding = say.alternatives(moves)
    table = _ranking(page, moves[:SHOWN], with_nothing=True)
    figure = _gains(page, moves[:SHOWN], finding, table)
    facts = [] if figure else [Fact(finding)]
    if page.recommendations:
        facts += [Fact(say.next_test(moves, page.names)), Fact(say.held(len(holds)))]
    rest = len(moves) - SHOWN
    if rest > 0:
        facts.append(Fact(f"{plural(rest, 'more proposal')} in {table.source}."))
    looked_at = _ranking(page, holds[:HOLDS], with_nothing=False)
    return Block(
        facts=facts,
        figure=figure,
        tables=[] if figure or not moves else [table],
        folded=[("What was looked at and left as it is", looked_at)] if holds else [],
    )


def _gains(
    page: Page, recs: Sequence[Recommendation], finding: str, table: Table
) -> Figure | None:
    bars = [
        charts.Bar(
            label=say.label(rec, page.names),
            low=rec.gain_low or 0.0,
            high=rec.gain_high or 0.0,
            shown=span(rec.gain_low or 0.0, rec.gain_high or 0.0),
            mark=known(rec.gain_mean),
        )
        for rec in recs
        if known(rec.gain_low) is not None and known(rec.gain_high) is not None
    ]
    if not bars:
        return None
    nothing = charts.Bar(NOTHING, 0.0, 0.0, money(0))
    place = sum(bar.low > 0 for bar in bars)
    return charts.ranges(
        "gains",
        [*bars[:place], nothing, *bars[place:]],
        finding=finding,
        note="Gain in USD from the lower to the upper end of what is likely (10 % to "
        "90 %), the tick at the mean; ranked by the lower end.",
        axis="~s",
        table=table,
    )


def _ranking(
    page: Page, recs: Sequence[Recommendation], *, with_nothing: bool
) -> Table:
    rows: list[list[Cell | str]] = [_row(page, rec) for rec in recs]
    if with_nothing:
        place = sum((known(rec.gain_low) or 0.0) > 0 for rec in recs)
        rows.insert(place, [NOTHING, "0", "0", *[NONE] * 4, "The yardstick."])
    return Table(
        caption="Alternatives, the surest gain first",
        columns=[
            Column("What"),
            Column("Gain from, USD", is_number=True),
            Column("Gain to, USD", is_number=True),
            Column("Better with", is_number=True),
            Column("Worth / price of a test", is_number=True),
            Column("Evidence"),
            Column("Valid until", is_number=True),
            Column("Why"),
        ],
        rows=rows,
        source="published.recommendations",
    )


def _row(page: Page, rec: Recommendation) -> list[Cell | str]:
    low, high = known(rec.gain_low), known(rec.gain_high)
    is_test = rec.action == "test" and rec.voi is not None and rec.cost is not None
    return [
        say.advice(rec, page.names),
        NONE if low is None else dollars(low),
        NONE if high is None else dollars(high),
        NONE if rec.probability_beats is None else chance(rec.probability_beats),
        f"{two(rec.voi or 0)} / {two(rec.cost or 0)}" if is_test else NONE,
        rec.grade,
        NONE if rec.expires_on is None else short_day(rec.expires_on),
        say.reason(rec, page.names) or NONE,
    ]


def _channels(page: Page) -> Block:
    paid = [one for one in page.channels if one.is_paid and (one.spend_usd or 0) > 0]
    ranked = [one for one in paid if known(one.won_usd_max) is not None]
    ranked.sort(key=lambda one: (-(_value(one)[0]), one.channel))
    without = [
        (words.channel(one.channel), one.spend_usd or 0.0)
        for one in paid
        if one.leads_max is not None and one.leads_max <= 0
    ]
    finding = say.best_channel(_ahead(ranked), len(ranked))
    table = _side_by_side(page)
    facts = [Fact(say.no_outcome(without), is_warning=bool(without))] if ranked else []
    figure = charts.ranges(
        "channels",
        [_bar(one) for one in ranked],
        finding=finding,
        note="Won revenue in USD that goes along with 1,000 USD of spend, from the lowest "
        "to the highest counting method, over everything on record. Evidence D: it may "
        "trigger a test, not a shift of money.",
        axis="~s",
        table=table,
    )
    return Block(
        heading="Channels side by side",
        facts=facts if figure else [Fact(finding), *facts],
        figure=figure,
        tables=[] if figure or not page.channels else [table],
    )


def _value(one: Channel) -> tuple[float, float]:
    """Won revenue beside 1,000 USD of spend: lowest and highest method."""
    low = one.per_thousand(one.won_usd_min) or 0.0
    high = one.per_thousand(one.won_usd_max) or 0.0
    return low, high


def _ahead(ranked: Sequence[Channel]) -> list[str]:
    """Channels whose lowest lies above the highest of every one after them."""
    for place in range(len(ranked) - 1, 0, -1):
        rest = max(_value(one)[1] for one in ranked[place:])
        if all(_value(one)[0] > rest for one in ranked[:place]):
            return [words.channel(one.channel) for one in ranked[:place]]
    return []


def _bar(one: Channel) -> charts.Bar:
    low, high = _value(one)
    return charts.Bar(
        label=words.channel(one.channel),
        low=low,
        high=high,
        shown=span(low, high),
        is_warning=high <= 0,
    )


def _side_by_side(page: Page) -> Table:
    return Table(
        caption="Channels over everything on record",
        columns=[
            Column("Channel"),
            Column("Spend, USD", is_number=True),
            Column("Impressions", is_number=True),
            Column("Hours watched", is_number=True),
            Column("USD per hour", is_number=True),
            Column("Leads from", is_number=True),
            Column("Leads to", is_number=True),
            Column("Won from, USD", is_number=True),
            Column("Won to, USD", is_number=True),
        ],
        rows=[_channel_row(one) for one in page.channels],
        source="published.attribution_range",
        grade="D",
    )


def _channel_row(one: Channel) -> list[Cell | str]:
    hours = known(one.watch_hours)
    each = (
        dollars(one.spend_usd / hours, 2)
        if one.spend_usd is not None and one.spend_usd > 0 and hours
        else NONE
    )
    return [
        words.channel(one.channel),
        NONE if one.spend_usd is None else dollars(one.spend_usd),
        NONE if one.impressions is None else count(one.impressions),
        NONE if hours is None else count(round(hours)),
        each,
        NONE if one.leads_min is None else count(one.leads_min),
        NONE if one.leads_max is None else count(one.leads_max),
        NONE if one.won_usd_min is None else dollars(one.won_usd_min),
        NONE if one.won_usd_max is None else dollars(one.won_usd_max),
    ]
