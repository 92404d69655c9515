"""How video feeds the system, reuse, track record: as far as there is data."""

from math import sqrt

from warehouse.report import words
from warehouse.report.model import Deals, Page
from warehouse.report.numbers import NONE, count, known, rate, short_day
from warehouse.report.text import system as say
from warehouse.report.text import videos as video_say
from warehouse.report.text.common import UNKNOWN as NOT_KNOWN
from warehouse.report.text.common import upper
from warehouse.report.views import Block, Column, Fact, Table

UNKNOWN = upper(NOT_KNOWN)
Z95 = 1.959963984540054


def wilson(k: float, n: float) -> tuple[float, float]:
    """95 % interval of a share. Source: Wilson 1927."""
    share, z2 = k / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def system(page: Page) -> list[Block]:
    answers = {
        **{key: say.missing(what) for key, what in say.MISSING.items()},
        "seo": _searched(page),
        "speed": say.speed(page.deals),
        "clarity": say.depth(known(page.spend.depth)),
        "message": say.themes(page.themes),
    }
    table = Table(
        caption="Eight questions",
        columns=[Column("Question"), Column("What can be said"), Column("Evidence")],
        rows=[
            [question, answers[key], NONE if answers[key].startswith(UNKNOWN) else "E"]
            for key, question in say.QUESTIONS.items()
        ],
        source="published.deals, search_daily, kpi_daily, videos",
    )
    blocks = [Block(tables=[table])]
    if page.deals.exposed_closed and page.deals.unexposed_closed:
        blocks[0] = Block(facts=[Fact(_wins(page.deals))], tables=[table])
    if page.origins:
        blocks.append(_origins(page))
    return blocks


def reuse(page: Page) -> list[Block]:
    fleet = page.fleet
    cost = known(fleet.production_usd)
    unseen = sum(
        video.placements > 1 and video_say.is_idle(video, page.identity.as_of)
        for video in page.videos
    )
    facts = [Fact(say.activations(fleet.videos, fleet.placements, cost))]
    if fleet.videos:
        idle = say.idle(unused=fleet.unused, single=fleet.single_use, unseen=unseen)
        facts += [Fact(idle), Fact(say.KEPT)]
    return [Block(facts=facts)]


def record(page: Page) -> list[Block]:
    return [Block(facts=[Fact(say.record(page.issued.issued))])]


def _searched(page: Page) -> str:
    web = [one for one in page.search if one.search_type == "web"]
    clicks = [one.clicks for one in web if one.clicks is not None]
    before = [one.clicks_before for one in web if one.clicks_before is not None]
    return say.searched(
        sum(clicks) if clicks else None,
        sum(before) if before else None,
        max((one.last_date for one in web if one.last_date), default=None),
    )


def _wins(deals: Deals) -> str:
    seen = wilson(deals.exposed_won, deals.exposed_closed)
    unseen = wilson(deals.unexposed_won, deals.unexposed_closed)
    overlap = max(seen[0], unseen[0]) <= min(seen[1], unseen[1])

    def words_of(won: int, closed: int, ends: tuple[float, float]) -> str:
        return say.rate_with_n(won / closed, *ends, closed)

    return say.wins(
        words_of(deals.exposed_won, deals.exposed_closed, seen),
        words_of(deals.unexposed_won, deals.unexposed_closed, unseen),
        overlap=overlap,
    )


def _origins(page: Page) -> Block:
    rows = []
    for one in page.origins:
        ends = wilson(one.won, one.leads) if one.leads > 0 and one.is_ranked else None
        rows.append(
            [
                words.plain(one.origin.lower()),
                count(one.leads),
                count(one.won),
                NONE if one.win_rate is None else rate(one.win_rate),
                rate(ends[0]) if ends else NONE,
                rate(ends[1]) if ends else NONE,
                NONE if one.median_days is None else count(one.median_days),
                count(one.open_leads),
                "" if one.is_ranked else "not ranked",
            ]
        )
    censored = next((o.censored_date for o in page.origins if o.censored_date), None)
    until = f", open ones as of {short_day(censored)}" if censored else ""
    table = Table(
        caption=f"Leads by origin{until}",
        columns=[
            Column("Origin"),
            Column("Leads", is_number=True),
            Column("Won", is_number=True),
            Column("Won of leads", is_number=True),
            Column("from", is_number=True),
            Column("to", is_number=True),
            Column("Median days to won", is_number=True),
            Column("Not won so far", is_number=True),
            Column("Note"),
        ],
        rows=rows,
        source="published.funnel_by_origin",
        grade="E",
    )
    return Block(
        heading="From lead to customer, by origin",
        facts=[Fact(say.origins(page.origins))],
        tables=[table],
    )
